-- ARGV: number of the call; for each task its id, its owner, what to do, and two values.
-- D done and C cancelled: what is remembered. R retry: pause in ms, what it has behind it. B back: pause in ms. X dead: attempts, error.
-- Returns for each 1 if it was owned, else 0.
local known = redis.call('GET', LAST)
local mark = ARGV[1] .. ':'
if known and string.sub(known, 1, #mark) == mark then
	return string.sub(known, #mark + 1)
end
local ids = {}
for i = 2, #ARGV, 5 do
	ids[#ids + 1] = ARGV[i]
end
local owners = redis.call('HMGET', RUNNING, unpack(ids))
local results, owned, over, records, back = {}, {}, {}, {}, 0

local function again(id, pause, first)
	local task = redis.call('HGET', TASKS, id)
	if pause > 0 then
		delay(id, string.match(task, '^%d;(%d+)'), pause)
	else
		line(id, priorityOf(task), first)
		back = back + 1
	end
end

for n, id in ipairs(ids) do
	local owner, what, first, second = ARGV[5 * n - 2], ARGV[5 * n - 1], ARGV[5 * n], ARGV[5 * n + 1]
	results[n] = '0'
	if owners[n] == owner then
		results[n] = '1'
		owned[#owned + 1] = id
		if what == 'D' or what == 'C' then
			over[#over + 1] = id
			records[#records + 1] = id
			records[#records + 1] = what .. ';' .. first
		elseif what == 'R' then
			redis.call('HSET', META, id, second)
			again(id, tonumber(first))
		elseif what == 'B' then
			again(id, tonumber(first), true)
		else
			redis.call('HSET', DEAD, id,
				first .. ';' .. now .. ';' .. #second .. '\n' .. second .. redis.call('HGET', TASKS, id))
			redis.call('ZADD', DEAD_ORDER, redis.call('INCR', SEQ), id)
			redis.call('HDEL', TASKS, id)
			redis.call('HDEL', META, id)
			redis.call('HDEL', PROGRESS, id)
		end
	end
end
if #owned > 0 then
	redis.call('HDEL', RUNNING, unpack(owned))
end
if #over > 0 then
	redis.call('HDEL', TASKS, unpack(over))
	redis.call('HDEL', META, unpack(over))
	redis.call('HDEL', PROGRESS, unpack(over))
	remember(over, records)
end
if back > 0 then
	wake(back)
end
local result = table.concat(results)
redis.call('SET', LAST, mark .. result, 'PX', REPEATABLE)
return result
