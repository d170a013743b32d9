-- For each channel, ARGV: session, ms of ownership, then for each channel 1 if the session has tasks of it.
-- A session whose ownership is over is suspected at first and has one more chance, as it could not renew while the server was away.
-- Returns for each channel the ms until its next delayed task or -1, how many tasks wait, and how many sessions own any.
local session, ownership = ARGV[1], tonumber(ARGV[2])
local answer = {}
for channel = 1, #KEYS / 17 do
	open(channel - 1)
	if ARGV[2 + channel] == '1' then
		redis.call('ZADD', OWNERS, whole(now + ownership), session)
		redis.call('ZREM', OWNERS, '~' .. session)
	end
	for _, silent in ipairs(redis.call('ZRANGEBYSCORE', OWNERS, '-inf', whole(now))) do
		if string.sub(silent, 1, 1) == '~' then
			release(string.sub(silent, 2), true)
		else
			redis.call('ZREM', OWNERS, silent)
			redis.call('ZADD', OWNERS, whole(now + ownership / 4), '~' .. silent)
		end
	end
	promote()
	local waiting = redis.call('LLEN', WAIT) + redis.call('ZCARD', IMPORTANT)
	if waiting > 0 then
		wake(waiting)
	end
	local due = nextDue()
	answer[#answer + 1] = due and math.max(0, due - now) or -1
	answer[#answer + 1] = waiting
	answer[#answer + 1] = redis.call('ZCARD', OWNERS)
end
return answer
