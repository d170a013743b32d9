-- ARGV: who waits for work, and the number of its last take. It waits no longer; if it was woken for some, the next one is.
local last = redis.call('GET', LAST)
-- A later take may have come first, and waits anew.
if not last or last == ARGV[2] then
	redis.call('SREM', IDLE, ARGV[1])
end
local waiting = redis.call('LLEN', WAIT) + redis.call('ZCARD', IMPORTANT)
if waiting > 0 then
	wake(waiting)
end
return waiting
