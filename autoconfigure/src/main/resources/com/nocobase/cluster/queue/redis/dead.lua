-- ARGV: number of the call, R to retry or D to discard, most, and the id of the only one meant or ''.
-- Returns how many.
local known = redis.call('GET', LAST)
local mark = ARGV[1] .. ':'
if known and string.sub(known, 1, #mark) == mark then
	return tonumber(string.sub(known, #mark + 1))
end
local retry, most, only = ARGV[2] == 'R', tonumber(ARGV[3]), ARGV[4]
local ids = only ~= '' and { only } or redis.call('ZRANGE', DEAD_ORDER, 0, -1)
local changed = 0
for _, id in ipairs(ids) do
	if changed >= most then
		break
	end
	local letter = redis.call('HGET', DEAD, id)
	-- One whose id is in use again stays where it is.
	if letter and not (retry and redis.call('HEXISTS', TASKS, id) == 1) then
		if retry then
			local length, start = string.match(letter, '^%d+;%d+;(%d+)\n()')
			local task = string.sub(letter, start + length)
			redis.call('HSET', TASKS, id, task)
			line(id, priorityOf(task))
		end
		redis.call('HDEL', DEAD, id)
		redis.call('ZREM', DEAD_ORDER, id)
		changed = changed + 1
	end
end
if retry and changed > 0 then
	wake(changed)
end
redis.call('SET', LAST, mark .. changed, 'PX', REPEATABLE)
return changed
