-- KEYS: the registry; ARGV: id, token, the last second used or nothing if unknown
local entry = redis.call('HGET', KEYS[1], ARGV[1])
local holder, ends, horizon = string.match(entry or '', '^([^|]*)|(%d+)|(-?%d+)|(-?%d+)$')
if holder == ARGV[2] then
	local used = ARGV[3] ~= '' and ARGV[3] or horizon
	redis.call('HSET', KEYS[1], ARGV[1], '|0|' .. used .. '|' .. used)
end
return 1
