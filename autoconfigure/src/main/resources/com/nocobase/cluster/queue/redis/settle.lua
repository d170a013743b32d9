-- ARGV: number of the call; for each task its id, its owner, what to do, and two values.
-- D done and C cancelled: what is remembered, and 1 where there is progress to forget. R retry: pause in ms, error. B back: pause in ms.
-- X dead: attempts, error.
-- Returns for each 1 if it was owned, else 0.
local ids = {}
for i = 2, #ARGV, 5 do
	ids[#ids + 1] = ARGV[i]
end
local owners = redis.call('HMGET', RUNNING, unpack(ids))
local results, owned, over, records, back = {}, {}, {}, {}, 0

local function again(id, task, pause, first)
	if pause > 0 then
		delay(id, string.match(task, '^%d;(%d+)'), pause)
	else
		line(id, task, first)
		back = back + 1
	end
end

local function settle(id, what, first, second)
	local task = redis.call('HGET', TASKS, id)
	redis.call('HDEL', PROGRESS, id)
	if not task then
		return
	end
	if what == 'R' then
		local failures, deaths = string.match(task, '^%d;%d+;(%d+);(%d+)')
		task = past(task, whole(failures + 1), deaths, second)
		redis.call('HSET', TASKS, id, task)
		again(id, task, tonumber(first))
	elseif what == 'B' then
		again(id, task, tonumber(first), true)
	else
		redis.call('HSET', DEAD, id, first .. ';' .. now .. ';' .. #second .. '\n' .. second .. task)
		redis.call('ZADD', DEAD_ORDER, redis.call('INCR', SEQ), id)
		redis.call('HSET', TASKS, id, 'X')
	end
end

for n, id in ipairs(ids) do
	results[n] = owners[n] == ARGV[5 * n - 2] and '1' or '0'
	if results[n] == '1' then
		owned[#owned + 1] = id
	end
end
-- First, as a server whose memory is full lets a script go on only after a change that needs none.
if #owned > 0 then
	redis.call('HDEL', RUNNING, unpack(owned))
end
for n, id in ipairs(ids) do
	local what, first, second = ARGV[5 * n - 1], ARGV[5 * n], ARGV[5 * n + 1]
	if results[n] == '1' and (what == 'D' or what == 'C') then
		over[#over + 1] = id
		records[#records + 1] = id
		records[#records + 1] = what .. first
		if second == '1' then
			redis.call('HDEL', PROGRESS, id)
		end
	elseif results[n] == '1' then
		settle(id, what, first, second)
	end
end
if #over > 0 then
	remember(over, records)
end
if back > 0 then
	wake(back)
end
return result(table.concat(results))
