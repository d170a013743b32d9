-- ARGV: owner, and unless it is the usual case the ms for which the lock stays taken, and 1 if the owner may still wait.
-- Returns 1 if the owner was in.
local owner, keep = ARGV[1], tonumber(ARGV[2] or '0')
if ARGV[3] == '1' then
	remove(owner)
end
if not tokenOf(owner) then
	return 0
end
if keep > 0 then
	-- Nobody has it any more, but it is not free; the first waiter learns when it will be.
	redis.call('SET', HOLDER, '|', 'PX', keep)
	local first = redis.call('LINDEX', QUEUE, 0)
	local waiter = first and redis.call('HGET', WAITERS, first)
	if waiter then
		redis.call('PUBLISH', string.match(waiter, '^%d+|%d+|(.*)$'), 'l?' .. first)
	end
	return 1
end
redis.call('DEL', HOLDER)
if redis.call('LINDEX', QUEUE, 0) then
	handOver(false, 0, micros())
end
return 1
