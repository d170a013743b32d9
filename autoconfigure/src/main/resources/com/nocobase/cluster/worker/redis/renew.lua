-- keys: the registry; args: id, token, ttl in ms, horizon, floor, end of the lease as last told
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local horizon = tonumber(args[4])
local entry = redis.call('HGET', keys[1], args[1])
if entry then
	local holder, ends, stored = string.match(entry, '^([^|]*)|(%d+)|(-?%d+)|(-?%d+)$')
	if holder ~= args[2] then
		return { 0 }
	end
	horizon = math.max(horizon, tonumber(stored))
elseif now < tonumber(args[6]) then
	redis.call('HSETNX', keys[1], 'created', string.format('%.0f', now))
	redis.call('HSET', keys[1], 'lost', 1)
else
	return { 0 }
end
local ends = string.format('%.0f', now + tonumber(args[3]))
horizon = string.format('%.0f', horizon)
redis.call('HSET', keys[1], args[1], table.concat({ args[2], ends, horizon, args[5] }, '|'))
return { 1, ends, horizon }
