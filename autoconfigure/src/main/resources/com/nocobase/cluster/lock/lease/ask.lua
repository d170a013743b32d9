-- ARGV: owner, ttl in ms, and to wait the channel of its instance.
-- Returns 1 and the token, or 0, the ms until the holder's end, and the server's time in µs.
local owner, ttl, channel = ARGV[1], ARGV[2], ARGV[3]
local token, holder = tokenOf(owner)
if token then
	redis.call('PEXPIRE', HOLDER, ttl)
	return { 1, token }
end
local now = micros()
if not holder then
	token = handOver(owner, ttl, now)
	if token then
		return { 1, token }
	end
end
if channel then
	local stop = string.format('%.0f', now + PATIENCE * 1000)
	if redis.call('HSET', WAITERS, owner, stop .. '|' .. ttl .. '|' .. channel) == 1 then
		redis.call('RPUSH', QUEUE, owner)
	end
	redis.call('PEXPIRE', QUEUE, PATIENCE * 2)
	redis.call('PEXPIRE', WAITERS, PATIENCE * 2)
end
return { 0, redis.call('PTTL', HOLDER), now }
