-- KEYS: holders. ARGV: for each its owner and the ms for which it is to last from now.
-- Returns for each 1 if its owner is in.
local renewed = {}
for i, holder in ipairs(KEYS) do
	local value, owner = redis.call('GET', holder), ARGV[2 * i - 1]
	local bar = value and string.find(value, '|', 1, true)
	renewed[i] = 0
	if bar and string.sub(value, bar + 1) == owner then
		redis.call('PEXPIRE', holder, ARGV[2 * i])
		renewed[i] = 1
	end
end
return renewed
