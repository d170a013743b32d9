-- How tasks get into lines, and who is told of it. EXACT: whether PUBLISH tells how many it reaches.
local IMPORTANCE = 2 ^ 48
local time = redis.call('TIME')
-- Milliseconds, as a number that prints whole.
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function whole(number)
	return string.format('%.0f', number)
end

local function tell(waiter)
	return redis.call('PUBLISH', string.match(waiter, '^(.*)#'), 'qw' .. WAIT)
end

local function wakeAll()
	local waiters = redis.call('SMEMBERS', IDLE)
	redis.call('DEL', IDLE)
	for _, waiter in ipairs(waiters) do
		tell(waiter)
	end
end

-- Wakes as many as there are new tasks. Where the server cannot tell who is reached, all are woken.
local function wake(count)
	if not EXACT then
		return wakeAll()
	end
	while count > 0 do
		local waiter = redis.call('SPOP', IDLE)
		if not waiter then
			return
		end
		if tell(waiter) > 0 then
			count = count - 1
		end
	end
end

local function line(id, task, first)
	-- Without it there is nothing to do; it must not keep the others.
	if not task then
		return
	end
	local priority = tonumber(string.sub(task, 1, 1))
	if priority > 0 then
		local place = first and 0 or redis.call('INCR', SEQ)
		redis.call('ZADD', IMPORTANT, whole((9 - priority) * IMPORTANCE + place), id)
		redis.call('ZADD', AGES, string.match(task, '^%d;(%d+)'), id)
	else
		redis.call(first and 'RPUSH' or 'LPUSH', WAIT, id)
	end
end

local function nextDue()
	return tonumber(redis.call('ZRANGE', DELAYED, 0, 0, 'WITHSCORES')[2])
end

-- Those that wait for work also wait for the next delayed one, so they learn of one that comes earlier.
local function delay(id, published, pause)
	local due = nextDue()
	redis.call('ZADD', DELAYED, whole(now + pause), id)
	redis.call('ZADD', AGES, published, id)
	if not due or now + pause < due then
		wakeAll()
	end
end

-- Returns how many have come to their time.
local function promote()
	local ids = redis.call('ZRANGEBYSCORE', DELAYED, '-inf', whole(now), 'LIMIT', 0, 200)
	if #ids > 0 then
		redis.call('ZREM', DELAYED, unpack(ids))
		redis.call('ZREM', AGES, unpack(ids))
		for _, id in ipairs(ids) do
			line(id, redis.call('HGET', TASKS, id))
		end
	end
	return #ids
end

local function isLive(task)
	return task and string.find(task, '^%d') ~= nil
end

-- Returns the task with another past.
local function past(task, failures, deaths, error)
	local priority, published, length, start = string.match(task, '^(%d);(%d+);%d+;%d+;(%d+)\n()')
	return table.concat({ priority, published, failures, deaths, #error }, ';') .. '\n' .. error
		.. string.sub(task, start + length)
end
