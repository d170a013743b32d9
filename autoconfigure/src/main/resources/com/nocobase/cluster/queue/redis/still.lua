-- ARGV: session. It waits for work no longer; if it was woken for some, the next one is.
redis.call('SREM', IDLE, ARGV[1])
local waiting = redis.call('LLEN', WAIT) + redis.call('ZCARD', IMPORTANT)
if waiting > 0 then
	wake(waiting)
end
return waiting
