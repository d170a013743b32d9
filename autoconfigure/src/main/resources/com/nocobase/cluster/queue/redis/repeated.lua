-- ARGV[1]: number of the call. A call that is repeated is answered with its first result.
local known = redis.call('GET', LAST)
local mark = ARGV[1] .. ':'
if known and string.sub(known, 1, #mark) == mark then
	return string.sub(known, #mark + 1)
end

local function result(text)
	redis.call('SET', LAST, mark .. text, 'PX', 600000)
	return text
end
