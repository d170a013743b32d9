-- Forgets the oldest of those that are over.
local function forget()
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
