-- ARGV: shape, places. Returns the shape, and 1 if all places are set.
for i = 2, #ARGV do
	if redis.call('GETBIT', KEYS[2], ARGV[i]) == 0 then
		return { shape, '0' }
	end
end
return { shape, '1' }
