-- KEYS: an entry. ARGV: text, and if others are told the channel and the news.
-- Returns 1 if the entry was that text.
if redis.call('TYPE', KEYS[1]).ok ~= 'string' or redis.call('GET', KEYS[1]) ~= ARGV[1] then
	return 0
end
redis.call('UNLINK', KEYS[1])
if ARGV[2] then
	redis.call('PUBLISH', ARGV[2], ARGV[3])
end
return 1
