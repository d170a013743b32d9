-- keys: seen (id by the end of its life), details (by id), goodbyes (incarnation and id by time), version of these
-- args: incarnation, id, ttl in ms, details (the incarnation in front), version known, version to give
local incarnation, id, ttl, details = args[1], args[2], tonumber(args[3]), args[4]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local changed = false
if redis.call('ZSCORE', keys[3], incarnation .. id) then
	return { 'gone' }
end
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', keys[1], '-inf', string.format('%.0f', now))) do
	redis.call('ZREM', keys[1], dead)
	redis.call('HDEL', keys[2], dead)
	changed = true
end
local present = redis.call('HGET', keys[2], id)
if present and string.sub(present, 1, #incarnation) ~= incarnation then
	local ends = tonumber(redis.call('ZSCORE', keys[1], id) or 0)
	return { 'taken', string.format('%.0f', ends), math.max(ends - now, 0) }
end
if not present then
	for _, goodbye in ipairs(redis.call('ZRANGE', keys[3], 0, -1)) do
		if string.sub(goodbye, #incarnation + 1) == id then
			redis.call('ZREM', keys[3], goodbye)
		end
	end
end
if present ~= details then
	redis.call('HSET', keys[2], id, details)
	changed = true
end
redis.call('ZADD', keys[1], string.format('%.0f', now + ttl), id)
if changed or not redis.call('GET', keys[4]) then
	redis.call('SET', keys[4], args[6])
end
local kept = string.format('%.0f', math.max(3600000, 2 * ttl))
for i = 1, 4 do
	redis.call('PEXPIRE', keys[i], kept)
end
local version = redis.call('GET', keys[4])
local answer = { 'live', version, redis.call('ZRANGE', keys[1], 0, -1, 'WITHSCORES') }
if version ~= args[5] then
	answer[4] = redis.call('HGETALL', keys[2])
	answer[5] = redis.call('ZRANGE', keys[3], 0, -1)
end
return answer
