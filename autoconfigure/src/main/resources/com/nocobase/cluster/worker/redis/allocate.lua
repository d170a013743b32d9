-- KEYS: the registry; ARGV: token, number of ids, ttl in ms, horizon, this second, time to settle in ms
-- The registry has one entry for each id that was ever held: token|end in ms|horizon|floor.
local token, count, ttl = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local created = tonumber(redis.call('HGET', KEYS[1], 'created'))
if not created or created > now then
	redis.call('HSET', KEYS[1], 'created', string.format('%.0f', now))
	created = now
end
local settles = created + tonumber(ARGV[6]) - now
if settles > 0 then
	return { 'settling', settles }
end
local from, to, step = 0, count - 1, 1
if redis.call('HEXISTS', KEYS[1], 'lost') == 1 and now - created < ttl then
	from, to, step = to, from, -1
end
local entries, all = {}, redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
	entries[all[i]] = all[i + 1]
end
local free, last, earliest
for id = from, to, step do
	local entry = entries[string.format('%d', id)]
	local holder, ends, horizon, floor = string.match(entry or '', '^([^|]*)|(%d+)|(-?%d+)|(-?%d+)$')
	if holder == token then
		return { 'held', id, floor, ends }
	end
	ends = tonumber(ends)
	if not free and (not holder or ends <= now) then
		free, last = id, tonumber(horizon)
	end
	if ends and ends > now then
		earliest = math.min(earliest or ends, ends)
	end
end
if not free then
	return { 'none', earliest - now }
end
local ends = string.format('%.0f', now + ttl)
local floor = string.format('%.0f', math.max(last or 0, tonumber(ARGV[5])))
local horizon = string.format('%.0f', math.max(tonumber(floor), tonumber(ARGV[4])))
redis.call('HSET', KEYS[1], free, table.concat({ token, ends, horizon, floor }, '|'))
return { 'held', free, floor, ends }
