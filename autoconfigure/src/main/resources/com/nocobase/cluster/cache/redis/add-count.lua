-- KEYS: the counter, a hash: n = count, and requests.
-- ARGV: slot and number of the request, what to add, and, if the first hit starts a window, its ms.
-- Returns the count as text; numbers of Lua lose digits.
local count = answered(KEYS[1], ARGV[1], ARGV[2])
if count then
	return { count }
end
local first = redis.call('EXISTS', KEYS[1]) == 0
redis.call('HINCRBY', KEYS[1], 'n', ARGV[3])
count = remember(KEYS[1], ARGV[1], ARGV[2], redis.call('HGET', KEYS[1], 'n'))
if first and ARGV[4] then
	redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
return { count }
