-- ARGV: owner, ttl in ms, channel of the instance, 1 to wait, time in ms after which a waiter that is not heard is
-- forgotten, 1 if PUBLISH tells who is reached, ms of a grant that has to be asked for again.
-- Returns 1 and the token, or 0, the ms until the holder's end, and the server's time in µs.
local owner, ttl, patience = ARGV[1], ARGV[2], tonumber(ARGV[5])
local token, holder = tokenOf(owner)
if token then
	redis.call('PEXPIRE', HOLDER, ttl)
	return { 1, token }
end
local now = micros()
if not holder then
	token = handOver(owner, ttl, now, ARGV[6] == '1', tonumber(ARGV[7]))
	if token then
		return { 1, token }
	end
end
if ARGV[4] == '1' then
	local stop = string.format('%.0f', now + patience * 1000)
	if redis.call('HSET', WAITERS, owner, stop .. '|' .. ttl .. '|' .. ARGV[3]) == 1 then
		redis.call('RPUSH', QUEUE, owner)
	end
	redis.call('PEXPIRE', QUEUE, patience * 2)
	redis.call('PEXPIRE', WAITERS, patience * 2)
end
return { 0, redis.call('PTTL', HOLDER), string.format('%.0f', now) }
