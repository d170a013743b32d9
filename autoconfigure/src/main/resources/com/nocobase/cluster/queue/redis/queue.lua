-- What all scripts of the event queue begin with. The keys of a channel, in this order:
-- what a lane did last; tasks that are not over, id -> priority;published\nframe; who has a running one, id -> session|take;
-- of those that failed or lost their worker, id -> failures;deaths;error; the newest that are over, and their order;
-- dead letters, id -> attempts;died;length of error\nerror task, and their order; delayed ones by their time and by their age;
-- dedup ids by their end; who waits for work, session|consumer; sessions by the end of their ownership; progress; the line; the line of
-- important ones; a counter.
local LAST, TASKS, RUNNING, META, OVER, OVER_ORDER, DEAD, DEAD_ORDER, DELAYED, AGES, WINDOW, IDLE, OWNERS, PROGRESS, WAIT, IMPORTANT,
	SEQ

local function open(channel)
	local first = channel * 17
	LAST, TASKS, RUNNING, META, OVER, OVER_ORDER, DEAD, DEAD_ORDER, DELAYED, AGES, WINDOW, IDLE, OWNERS, PROGRESS, WAIT, IMPORTANT, SEQ =
		unpack(KEYS, first + 1, first + 17)
end
open(0)

local time = redis.call('TIME')
-- Milliseconds, as a number that prints whole.
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- ms for which a repeated call is recognised; well over the time in which a driver sends again.
local REPEATABLE = 600000
local IMPORTANCE = 2 ^ 48

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

local function line(id, priority, first)
	if priority > 0 then
		local place = first and 0 or redis.call('INCR', SEQ)
		redis.call('ZADD', IMPORTANT, whole((9 - priority) * IMPORTANCE + place), id)
	else
		redis.call(first and 'RPUSH' or 'LPUSH', WAIT, id)
	end
end

local function priorityOf(task)
	return tonumber(string.sub(task, 1, 1))
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
			line(id, priorityOf(redis.call('HGET', TASKS, id)))
		end
	end
	return #ids
end

-- Remembers some that are over, with a record after each id, and forgets the oldest ones.
local function remember(ids, records)
	redis.call('HSET', OVER, unpack(records))
	if redis.call('LPUSH', OVER_ORDER, unpack(ids)) > 10500 then
		redis.call('HDEL', OVER, unpack(redis.call('RPOP', OVER_ORDER, 500)))
	end
end

-- Gives back what a session has. A death counts for each of its tasks.
local function release(session, died)
	local running = redis.call('HGETALL', RUNNING)
	local owner, released = session .. '|', 0
	for i = 1, #running, 2 do
		if string.sub(running[i + 1], 1, #owner) == owner then
			local id = running[i]
			redis.call('HDEL', RUNNING, id)
			if died then
				local failures, deaths, error = string.match(redis.call('HGET', META, id) or '0;0;', '^(%d+);(%d+);(.*)$')
				redis.call('HSET', META, id, failures .. ';' .. deaths + 1 .. ';' .. error)
			end
			line(id, priorityOf(redis.call('HGET', TASKS, id)), true)
			released = released + 1
		end
	end
	redis.call('ZREM', OWNERS, session, '~' .. session)
	for _, waiter in ipairs(redis.call('SMEMBERS', IDLE)) do
		if string.sub(waiter, 1, #owner) == owner then
			redis.call('SREM', IDLE, waiter)
		end
	end
	if released > 0 then
		wake(released)
	end
end
