-- Runs for every task, so it gets the keys that it needs.
local LAST, TASKS, RUNNING, IDLE, OWNERS, WAIT, DELAYED, IMPORTANT = unpack(KEYS)
-- ARGV: who takes, session|consumer, number of the call, most tasks, how many there have to be or it waits for a signal, and the ms
-- of ownership to renew or 0.
-- Returns the ms until the next delayed one, or -1; then for each task its id and the task.
local waiter, number, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
local session = string.match(waiter, '^(.*)|')
local token = session .. '|' .. number
local ids = {}

local function milliseconds()
	local time = redis.call('TIME')
	return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function answer()
	local due = tonumber(redis.call('ZRANGE', DELAYED, 0, 0, 'WITHSCORES')[2])
	local taken = { due and math.max(0, due - milliseconds()) or -1 }
	if #ids > 0 then
		local tasks = redis.call('HMGET', TASKS, unpack(ids))
		for i, id in ipairs(ids) do
			if tasks[i] then
				taken[#taken + 1] = id
				taken[#taken + 1] = tasks[i]
			end
		end
	end
	return taken
end

if redis.call('SET', LAST, number, 'GET', 'PX', 600000) == number then
	local running = redis.call('HGETALL', RUNNING)
	for i = 1, #running, 2 do
		if running[i + 1] == token then
			ids[#ids + 1] = running[i]
		end
	end
	return answer()
end
local important = redis.call('ZPOPMIN', IMPORTANT, most)
for i = 1, #important, 2 do
	ids[#ids + 1] = important[i]
end
if #ids < most then
	local next = redis.call('RPOP', WAIT, most - #ids) or {}
	if #ids == 0 then
		ids = next
	else
		for _, id in ipairs(next) do
			ids[#ids + 1] = id
		end
	end
end
if #ids > 0 then
	local marks = {}
	for _, id in ipairs(ids) do
		marks[#marks + 1] = id
		marks[#marks + 1] = token
	end
	redis.call('HSET', RUNNING, unpack(marks))
	if ARGV[5] ~= '0' then
		redis.call('ZADD', OWNERS, string.format('%.0f', milliseconds() + ARGV[5]), session)
	end
end
if #ids < tonumber(ARGV[4]) then
	redis.call('SADD', IDLE, waiter)
end
return answer()
