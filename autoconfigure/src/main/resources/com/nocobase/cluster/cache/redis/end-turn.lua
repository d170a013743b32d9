-- KEYS: the turn. ARGV: who had it.
-- Returns 1 if the turn was still its own.
if redis.call('HGET', KEYS[1], '') ~= ARGV[1] then
	return 0
end
local fields = redis.call('HKEYS', KEYS[1])
redis.call('DEL', KEYS[1])
for _, channel in ipairs(fields) do
	if channel ~= '' then
		redis.call('PUBLISH', channel, 'c' .. KEYS[1])
	end
end
return 1
