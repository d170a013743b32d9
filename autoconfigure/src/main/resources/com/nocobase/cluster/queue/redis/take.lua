-- ARGV: who takes, session|consumer, number of the call, most tasks, ms of ownership, and how many there have to be, or it waits for
-- a signal.
-- Returns the ms until the next delayed one, or -1; then for each task its id, the task, and what it has behind it.
local waiter, number, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
local session = string.match(waiter, '^(.*)|')
local token = session .. '|' .. number
local ids = {}

local function answer()
	local due = nextDue()
	local taken = { due and math.max(0, due - now) or -1 }
	if #ids > 0 then
		local tasks, metas = redis.call('HMGET', TASKS, unpack(ids)), redis.call('HMGET', META, unpack(ids))
		for i, id in ipairs(ids) do
			taken[#taken + 1] = id
			taken[#taken + 1] = tasks[i]
			taken[#taken + 1] = metas[i] or ''
		end
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
	return answer()
end
local promoted = promote()
local important = redis.call('ZPOPMIN', IMPORTANT, most)
for i = 1, #important, 2 do
	ids[#ids + 1] = important[i]
end
if #ids < most then
	for _, id in ipairs(redis.call('RPOP', WAIT, most - #ids) or {}) do
		ids[#ids + 1] = id
	end
end
if #ids > 0 then
	local marks = {}
	for _, id in ipairs(ids) do
		marks[#marks + 1] = id
		marks[#marks + 1] = token
	end
	redis.call('HSET', RUNNING, unpack(marks))
	redis.call('ZADD', OWNERS, whole(now + ARGV[4]), session)
	redis.call('ZREM', OWNERS, '~' .. session)
end
if #ids < tonumber(ARGV[5]) then
	redis.call('SADD', IDLE, waiter)
elseif promoted > #ids then
	wake(promoted - #ids)
end
redis.call('SET', LAST, number, 'PX', REPEATABLE)
return answer()
