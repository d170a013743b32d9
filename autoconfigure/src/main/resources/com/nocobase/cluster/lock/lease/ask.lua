-- ARGV: owner, ttl in ms, channel of the instance, 1 to wait, 1 if PUBLISH tells who is reached.
-- Returns 1 and the token, or 0, the ms until the holder's end, and the server's time in µs.
local owner, ttl = ARGV[1], ARGV[2]
local token, holder = tokenOf(owner)
if token then
	redis.call('PEXPIRE', HOLDER, ttl)
	return { 1, token }
end
local now = micros()
if not holder then
	token = handOver(owner, ttl, now, ARGV[5] == '1')
	if token then
		return { 1, token }
	end
end
if ARGV[4] == '1' then
	local stop = string.format('%.0f', now + PATIENCE * 1000)
	if redis.call('HSET', WAITERS, owner, stop .. '|' .. ttl .. '|' .. ARGV[3]) == 1 then
		redis.call('RPUSH', QUEUE, owner)
	end
	redis.call('PEXPIRE', QUEUE, PATIENCE * 2)
	redis.call('PEXPIRE', WAITERS, PATIENCE * 2)
end
return { 0, redis.call('PTTL', HOLDER), string.format('%.0f', now) }
