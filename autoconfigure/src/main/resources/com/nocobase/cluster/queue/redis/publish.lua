-- ARGV: number of the call; for each task its id, frame, delay in ms, and '' or priority;dedup window in ms.
if redis.call('GET', LAST) == ARGV[1] then
	return 0
end
local ids = {}
for i = 2, #ARGV, 4 do
	ids[#ids + 1] = ARGV[i]
end
local live, over, dead = redis.call('HMGET', TASKS, unpack(ids)), redis.call('HMGET', OVER, unpack(ids)),
	redis.call('HMGET', DEAD, unpack(ids))

local function isNew(n, window)
	if live[n] then
		return false
	end
	if window == '' then
		return not over[n] and not dead[n]
	end
	local stop = redis.call('ZSCORE', WINDOW, ids[n])
	if stop and tonumber(stop) > now then
		return false
	end
	redis.call('ZREMRANGEBYSCORE', WINDOW, '-inf', whole(now))
	redis.call('ZADD', WINDOW, whole(now + window), ids[n])
	return true
end

local stored, waiting, seen, important = {}, {}, {}, 0
for n, id in ipairs(ids) do
	local frame, pause, options = ARGV[4 * n - 1], tonumber(ARGV[4 * n]), ARGV[4 * n + 1]
	local priority, window = '0', ''
	if options ~= '' then
		priority, window = string.match(options, '^(%d);(%d*)$')
	end
	if not seen[id] and isNew(n, window) then
		seen[id] = true
		stored[#stored + 1] = id
		stored[#stored + 1] = priority .. ';' .. now .. '\n' .. frame
		if pause > 0 then
			delay(id, now, pause)
		elseif priority ~= '0' then
			line(id, tonumber(priority))
			important = important + 1
		else
			waiting[#waiting + 1] = id
		end
	end
end
if #stored > 0 then
	redis.call('HSET', TASKS, unpack(stored))
end
if #waiting > 0 then
	redis.call('LPUSH', WAIT, unpack(waiting))
end
if #waiting + important > 0 then
	wake(#waiting + important)
end
redis.call('SET', LAST, ARGV[1], 'PX', REPEATABLE)
return #stored / 2
