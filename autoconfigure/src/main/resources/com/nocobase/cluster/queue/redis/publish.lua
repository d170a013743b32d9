-- The usual tasks: at once, not important, each with an id of its own. Runs for every task, so it gets the keys that it needs.
local LAST, TASKS, RUNNING, IDLE, OWNERS, WAIT = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
-- ARGV: number of the call; for each task its id and frame.
if redis.call('SET', LAST, ARGV[1], 'GET', 'PX', 600000) == ARGV[1] then
	return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local head = '0;' .. now .. ';0;0;0\n'

if #ARGV == 3 then
	local id, task = ARGV[2], head .. ARGV[3]
	if redis.call('HSETNX', TASKS, id, task) == 0 then
		return 0
	end
	-- One that waits for work gets the task itself. Where it is lost with the connection, see reconcile.lua.
	local waiter = EXACT and redis.call('SPOP', IDLE)
	while waiter do
		local session, channel, ownership = string.match(waiter, '^((.*)#[^#]*:(%d+))|')
		local token = session .. '|p' .. now
		redis.call('HSET', RUNNING, id, token)
		if redis.call('PUBLISH', channel, 'qp' .. WAIT .. '\n' .. token .. '\n' .. id .. '\n' .. task) > 0 then
			redis.call('ZADD', OWNERS, string.format('%.0f', now + ownership), session)
			return 1
		end
		redis.call('HDEL', RUNNING, id)
		waiter = redis.call('SPOP', IDLE)
	end
	redis.call('LPUSH', WAIT, id)
	if not EXACT then
		for _, each in ipairs(redis.call('SMEMBERS', IDLE)) do
			redis.call('PUBLISH', string.match(each, '^(.*)#'), 'qw' .. WAIT)
		end
		redis.call('DEL', IDLE)
	end
	return 1
end

local ids, fresh, stored = {}, {}, {}
for i = 2, #ARGV, 2 do
	ids[#ids + 1] = ARGV[i]
end
local known = redis.call('HMGET', TASKS, unpack(ids))
for n, id in ipairs(ids) do
	if not known[n] then
		fresh[#fresh + 1] = id
		stored[#stored + 1] = id
		stored[#stored + 1] = head .. ARGV[2 * n + 1]
	end
end
if #fresh > 0 then
	redis.call('HSET', TASKS, unpack(stored))
	redis.call('LPUSH', WAIT, unpack(fresh))
	local woken = 0
	while woken < #fresh do
		local waiter = redis.call('SPOP', IDLE)
		if not waiter then
			break
		end
		local reached = redis.call('PUBLISH', string.match(waiter, '^(.*)#'), 'qw' .. WAIT)
		if EXACT then
			woken = woken + reached
		end
	end
end
return #fresh
