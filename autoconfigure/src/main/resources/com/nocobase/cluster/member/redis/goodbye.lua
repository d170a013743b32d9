-- KEYS: as those of the heartbeat; ARGV: incarnation, id, version to give
-- What is noted here keeps a late repetition of a heartbeat from bringing the member back.
local incarnation, id = ARGV[1], ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', now - 3600000))
local present = redis.call('HGET', KEYS[2], id)
if present and string.sub(present, 1, #incarnation) ~= incarnation then
	return 0
end
redis.call('ZREM', KEYS[1], id)
redis.call('HDEL', KEYS[2], id)
redis.call('ZADD', KEYS[3], string.format('%.0f', now), incarnation .. id)
redis.call('SET', KEYS[4], ARGV[3])
redis.call('PEXPIRE', KEYS[3], 3600000)
redis.call('PEXPIRE', KEYS[4], 3600000)
return 1
