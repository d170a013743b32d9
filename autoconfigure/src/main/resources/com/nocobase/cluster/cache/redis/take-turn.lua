-- KEYS: the turn, a hash: '' = who has it, and the channels of the instances that wait.
-- ARGV: asker, ms for which it may have the turn, channel of its instance.
-- Returns 0 if it has the turn, else the ms for which another one has it at most.
local holder = redis.call('HGET', KEYS[1], '')
if not holder then
	redis.call('HSET', KEYS[1], '', ARGV[1])
	redis.call('PEXPIRE', KEYS[1], ARGV[2])
elseif holder ~= ARGV[1] then
	redis.call('HSET', KEYS[1], ARGV[3], '')
	return math.max(1, redis.call('PTTL', KEYS[1]))
end
return 0
