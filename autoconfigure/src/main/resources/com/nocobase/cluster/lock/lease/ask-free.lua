-- The usual case, before anything else is set up: the lock is free, and nobody waits.
if redis.call('EXISTS', HOLDER, QUEUE) == 0 then
	return { 1, grant(ARGV[1], ARGV[2], micros()) }
end

