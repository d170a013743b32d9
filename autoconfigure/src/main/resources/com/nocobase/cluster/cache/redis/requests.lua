-- Requests that a script has answered, so that one that comes again changes nothing: fields of a hash, one for each
-- request that an instance may have under way at a time. field = number|answer|the server's seconds.

-- Each time that there are so many fields more, those of instances long gone are looked for; after so many seconds one
-- is of them.
local MANY, OLD = 16, 60

-- Returns the answer to a request that was answered already; one before the last has nobody who waits for it.
local function answered(key, slot, number)
	local last = redis.call('HGET', key, slot)
	if last then
		local its, answer = string.match(last, '^(%d+)|(-?%d+)|')
		return tonumber(its) >= tonumber(number) and answer
	end
end

local function remember(key, slot, number, answer)
	local now = redis.call('TIME')[1]
	local new = redis.call('HSET', key, slot, number .. '|' .. answer .. '|' .. now)
	if new == 1 and redis.call('HLEN', key) % MANY == 0 then
		local all = redis.call('HGETALL', key)
		for i = 1, #all, 2 do
			local at = string.match(all[i + 1], '^%d+|-?%d+|(%d+)$')
			if at and now - at > OLD then
				redis.call('HDEL', key, all[i])
			end
		end
	end
	return answer
end

