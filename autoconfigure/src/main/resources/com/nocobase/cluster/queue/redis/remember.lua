-- Remembers tasks that are over, with a record after each id, and forgets the oldest ones.
local function remember(ids, records)
	redis.call('HSET', TASKS, unpack(records))
	if redis.call('LPUSH', OVER, unpack(ids)) <= 10500 then
		return
	end
	local oldest, forgotten = redis.call('RPOP', OVER, 500), {}
	local tasks = redis.call('HMGET', TASKS, unpack(oldest))
	for i, id in ipairs(oldest) do
		-- One whose id is in use again is not over.
		if tasks[i] and string.find(tasks[i], '^[DC]') then
			forgotten[#forgotten + 1] = id
		end
	end
	if #forgotten > 0 then
		redis.call('HDEL', TASKS, unpack(forgotten))
	end
end
