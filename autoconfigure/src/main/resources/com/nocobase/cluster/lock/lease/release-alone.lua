-- The usual case, before anything else is set up: the lock was held, and nobody waits.
if not ARGV[2] and redis.call('EXISTS', QUEUE) == 0 then
	return tokenOf(ARGV[1]) and redis.call('DEL', HOLDER) or 0
end

