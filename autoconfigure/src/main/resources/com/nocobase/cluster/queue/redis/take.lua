-- Runs for every task, so it gets the keys that it needs.
local LAST, TASKS, RUNNING, IDLE, OWNERS, WAIT, DELAYED, IMPORTANT, AGES = unpack(KEYS)
-- ARGV: who takes, session|consumer, number of the call, most tasks, how many there have to be or it waits for a signal, the ms of
-- ownership to renew or 0, and 1 if it may still be among those who wait.
-- Returns the ms until the next delayed one, or -1; then for each task its id and the task.
local waiter, number, most, wanted = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local session = string.match(waiter, '^(.*)|')
local token = session .. '|' .. number
local ids, taken, count = {}, {}, 0

local function milliseconds()
	local time = redis.call('TIME')
	return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- One that is gone is nobody's.
local function answer(mark)
	local due = tonumber(redis.call('ZRANGE', DELAYED, 0, 0, 'WITHSCORES')[2])
	taken[1] = due and math.max(0, due - milliseconds()) or -1
	local tasks, marks = #ids > 0 and redis.call('HMGET', TASKS, unpack(ids)) or {}, {}
	for i, id in ipairs(ids) do
		if tasks[i] then
			count = count + 1
			taken[2 * count] = id
			taken[2 * count + 1] = tasks[i]
			marks[2 * count - 1] = id
			marks[2 * count] = token
		end
	end
	if mark and count > 0 then
		redis.call('HSET', RUNNING, unpack(marks))
	end
	if count < wanted then
		redis.call('SADD', IDLE, waiter)
	elseif ARGV[6] == '1' then
		redis.call('SREM', IDLE, waiter)
	end
	return taken
end

if redis.call('GET', LAST) == number then
	local running = redis.call('HGETALL', RUNNING)
	for i = 1, #running, 2 do
		if running[i + 1] == token then
			ids[#ids + 1] = running[i]
		end
	end
	return answer(false)
end
-- First, as a server whose memory is full lets a script go on only after a change that needs none.
local important = redis.call('ZPOPMIN', IMPORTANT, most)
for i = 1, #important, 2 do
	ids[#ids + 1] = important[i]
end
if #ids > 0 then
	redis.call('ZREM', AGES, unpack(ids))
end
if #ids < most then
	for _, id in ipairs(redis.call('RPOP', WAIT, most - #ids) or {}) do
		ids[#ids + 1] = id
	end
end
if #ids > 0 and ARGV[5] ~= '0' then
	redis.call('ZADD', OWNERS, string.format('%.0f', milliseconds() + ARGV[5]), session)
end
redis.call('SET', LAST, number, 'PX', 600000)
return answer(true)
