-- ARGV: most. Returns for each dead letter, oldest first, its id and the letter.
local letters = {}
for _, id in ipairs(redis.call('ZRANGE', DEAD_ORDER, 0, ARGV[1] - 1)) do
	letters[#letters + 1] = id
	letters[#letters + 1] = redis.call('HGET', DEAD, id)
end
return letters
