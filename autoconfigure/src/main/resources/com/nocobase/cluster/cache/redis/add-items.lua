-- ARGV: shape, slot and number of the request, places. Returns the shape, and 1 if any place was new.
local new = answered(KEYS[1], ARGV[2], ARGV[3])
if not new then
	new = '0'
	for i = 4, #ARGV do
		if redis.call('SETBIT', KEYS[2], ARGV[i], 1) == 0 then
			new = '1'
		end
	end
	remember(KEYS[1], ARGV[2], ARGV[3], new)
end
return { shape, new }
