-- ARGV: number of the call, id. Cancels a task that waits or is delayed. Returns 1 if it was one.
local known = redis.call('GET', LAST)
local mark = ARGV[1] .. ':'
if known and string.sub(known, 1, #mark) == mark then
	return tonumber(string.sub(known, #mark + 1))
end
local id = ARGV[2]
local task = redis.call('HGET', TASKS, id)
local removed = 0
if task and redis.call('HEXISTS', RUNNING, id) == 0 then
	removed = redis.call('ZREM', DELAYED, id) + redis.call('ZREM', IMPORTANT, id)
	if removed == 0 then
		removed = redis.call('LREM', WAIT, -1, id)
	end
end
if removed > 0 then
	local failures, deaths, error = string.match(redis.call('HGET', META, id) or '0;0;', '^(%d+);(%d+);(.*)$')
	redis.call('ZREM', AGES, id)
	redis.call('HDEL', TASKS, id)
	redis.call('HDEL', META, id)
	remember({ id }, { id, 'C;' .. failures .. ';0;0;' .. string.match(task, '^%d;(%d+)') .. ';' .. error })
end
redis.call('SET', LAST, mark .. removed, 'PX', REPEATABLE)
return removed
