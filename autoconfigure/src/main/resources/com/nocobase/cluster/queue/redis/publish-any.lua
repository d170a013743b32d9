-- ARGV: number of the call; for each task its id, frame, delay in ms, priority, and '' or its dedup window in ms.
if redis.call('SET', LAST, ARGV[1], 'GET', 'PX', 600000) == ARGV[1] then
	return 0
end

local function isNew(id, window)
	local known = redis.call('HGET', TASKS, id)
	if window == '' then
		return not known
	end
	local stop = redis.call('ZSCORE', WINDOW, id)
	if isLive(known) or (stop and tonumber(stop) > now) then
		return false
	end
	redis.call('ZREMRANGEBYSCORE', WINDOW, '-inf', whole(now))
	redis.call('ZADD', WINDOW, whole(now + window), id)
	return true
end

local stored, waiting = 0, 0
for i = 2, #ARGV, 5 do
	local id, pause = ARGV[i], tonumber(ARGV[i + 2])
	if isNew(id, ARGV[i + 4]) then
		local task = ARGV[i + 3] .. ';' .. now .. ';0;0;0\n' .. ARGV[i + 1]
		redis.call('HSET', TASKS, id, task)
		stored = stored + 1
		if pause > 0 then
			delay(id, now, pause)
		else
			line(id, task)
			waiting = waiting + 1
		end
	end
end
if waiting > 0 then
	wake(waiting)
end
return stored
