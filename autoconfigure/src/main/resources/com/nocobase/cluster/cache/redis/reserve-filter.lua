-- KEYS: what is known of the filter, its bitmap. ARGV: its shape, if it is to be made.
if redis.call('EXISTS', KEYS[2]) == 0 then
	redis.call('HSET', KEYS[1], 'shape', ARGV[1])
	redis.call('SETBIT', KEYS[2], 0, 0)
end
return 1
