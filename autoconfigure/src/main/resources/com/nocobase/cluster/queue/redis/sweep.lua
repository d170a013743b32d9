-- For each channel, ARGV: session, ms of ownership, then for each channel 1 if the session has tasks of it.
-- A session whose ownership is over is suspected at first and has one more chance, as it could not renew while the server was away.
-- Returns for each channel the ms until its next delayed task or -1, how many tasks wait, and how many sessions own any.
local session, ownership = ARGV[1], tonumber(ARGV[2])

local function suspect(silent, stop)
	local chance = (string.match(silent, ':(%d+)$') or ownership) / 2
	local deadline, since = string.match(redis.call('HGET', SUSPECTS, silent) or '', '^(%d+);(%d+)$')
	if deadline ~= stop then
		redis.call('HSET', SUSPECTS, silent, stop .. ';' .. now)
	elseif now - since >= chance then
		release(silent, true)
	end
end

-- Who has a task stands among the owners, whatever became of the entry.
local function ownAll()
	local known = {}
	for _, token in ipairs(redis.call('HVALS', RUNNING)) do
		local owner = string.match(token, '^(.*)|')
		if not known[owner] then
			known[owner] = true
			redis.call('ZADD', OWNERS, 'NX', whole(now), owner)
		end
	end
end

local answer = {}
for channel = 0, #KEYS / 16 - 1 do
	local first = channel * 16
	LAST, TASKS, RUNNING, OVER, DEAD, DEAD_ORDER, DELAYED, AGES, WINDOW, IDLE, OWNERS, SUSPECTS, PROGRESS, WAIT, IMPORTANT, SEQ =
		unpack(KEYS, first + 1, first + 16)
	if ARGV[3 + channel] == '1' then
		redis.call('ZADD', OWNERS, whole(now + ownership), session)
	end
	ownAll()
	local silent = redis.call('ZRANGEBYSCORE', OWNERS, '-inf', whole(now), 'WITHSCORES')
	for i = 1, #silent, 2 do
		suspect(silent[i], silent[i + 1])
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
