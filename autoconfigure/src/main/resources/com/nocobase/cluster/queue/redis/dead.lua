-- ARGV: number of the call, R to retry or D to discard, most, and the id of the only one meant or ''.
-- Returns how many.
local retry, most, only = ARGV[2] == 'R', tonumber(ARGV[3]), ARGV[4]
local changed = 0
for _, id in ipairs(only ~= '' and { only } or redis.call('ZRANGE', DEAD_ORDER, 0, -1)) do
	if changed >= most then
		break
	end
	local letter, task = redis.call('HGET', DEAD, id), redis.call('HGET', TASKS, id)
	-- One whose id is in use again stays where it is.
	if letter and not (retry and isLive(task)) then
		if retry then
			local length, start = string.match(letter, '^%d+;%d+;(%d+)\n()')
			task = past(string.sub(letter, start + length), 0, 0, '')
			redis.call('HSET', TASKS, id, task)
			line(id, task)
		elseif not isLive(task) then
			redis.call('HDEL', TASKS, id)
		end
		redis.call('HDEL', DEAD, id)
		redis.call('ZREM', DEAD_ORDER, id)
		changed = changed + 1
	end
end
if retry and changed > 0 then
	wake(changed)
end
return result(whole(changed))
