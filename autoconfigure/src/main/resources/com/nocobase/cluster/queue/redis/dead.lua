-- ARGV: number of the call, R to retry or D to discard, most, and the id of the only one meant or ''.
-- Returns how many.
local retry, most, only = ARGV[2] == 'R', tonumber(ARGV[3]), ARGV[4]
local changed, skipped = 0, 0

local function change(id)
	local letter, task = redis.call('HGET', DEAD, id), redis.call('HGET', TASKS, id)
	-- Of an id that is in use again there is nothing to retry.
	if not letter or (retry and isLive(task)) then
		return false
	end
	if retry then
		local length, start = string.match(letter, '^%d+;%d+;(%d+)\n()')
		task = past(string.sub(letter, start + length), 0, 0, '')
		redis.call('HSET', TASKS, id, task)
		line(id, task)
	elseif task == 'X' then
		redis.call('HDEL', TASKS, id)
	end
	redis.call('HDEL', DEAD, id)
	redis.call('ZREM', DEAD_ORDER, id)
	return true
end

local ids = only ~= '' and { only } or redis.call('ZRANGE', DEAD_ORDER, 0, most - 1)
while #ids > 0 do
	for _, id in ipairs(ids) do
		if change(id) then
			changed = changed + 1
		else
			skipped = skipped + 1
		end
	end
	ids = only == '' and changed < most and redis.call('ZRANGE', DEAD_ORDER, skipped, skipped + most - changed - 1) or {}
end
if retry and changed > 0 then
	wake(changed)
end
return result(whole(changed))
