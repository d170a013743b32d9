-- KEYS: what is known of the filter, a hash: shape, and requests; its bitmap.
-- ARGV[1]: the shape for which the places are. Returns the true one if it is another, '' if there is no filter.
local shape = redis.call('EXISTS', KEYS[2]) == 1 and redis.call('HGET', KEYS[1], 'shape') or ''
if shape ~= ARGV[1] then
	return { shape }
end

