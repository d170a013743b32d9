-- KEYS: the object. ARGV: field, its JSON text, ms that the object lives if it is new, and perhaps a channel and the
-- news of the change. A second run finds the object and sets the same.
local new = redis.call('EXISTS', KEYS[1]) == 0
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if new then
	redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
if ARGV[4] then
	redis.call('PUBLISH', ARGV[4], ARGV[5])
end
return 1
