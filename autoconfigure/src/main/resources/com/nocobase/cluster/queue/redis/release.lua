-- Gives back what a session has. If it has died, that counts for each of its tasks.
local function release(session, died)
	local running = redis.call('HGETALL', RUNNING)
	local owner, released = session .. '|', 0
	for i = 1, #running, 2 do
		if string.sub(running[i + 1], 1, #owner) == owner then
			local id = running[i]
			local task = redis.call('HGET', TASKS, id)
			if died and task then
				local failures, deaths, length, start = string.match(task, '^%d;%d+;(%d+);(%d+);(%d+)\n()')
				task = past(task, failures, whole(deaths + 1), string.sub(task, start, start + length - 1))
				redis.call('HSET', TASKS, id, task)
			end
			redis.call('HDEL', RUNNING, id)
			redis.call('HDEL', PROGRESS, id)
			line(id, task, true)
			released = released + 1
		end
	end
	redis.call('ZREM', OWNERS, session)
	redis.call('HDEL', SUSPECTS, session)
	if released > 0 then
		wake(released)
	end
end
