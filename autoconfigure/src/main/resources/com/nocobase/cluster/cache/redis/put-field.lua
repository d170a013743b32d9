-- KEYS: the object. ARGV: field, its JSON text, ms that the object lives if it is new.
-- A second run finds the object and changes nothing.
local new = redis.call('EXISTS', KEYS[1]) == 0
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if new then
	redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return 1
