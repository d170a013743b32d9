-- KEYS: what is known of the filter, its bitmap. ARGV: its shape, if it is to be made.
-- One without the other is what is left of a filter that the server has evicted.
if redis.call('EXISTS', KEYS[2]) == 0 or redis.call('HEXISTS', KEYS[1], 'shape') == 0 then
	redis.call('DEL', KEYS[1], KEYS[2])
	redis.call('HSET', KEYS[1], 'shape', ARGV[1])
	redis.call('SETBIT', KEYS[2], 0, 0)
end
return 1
