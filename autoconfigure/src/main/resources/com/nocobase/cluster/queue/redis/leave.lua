-- ARGV: session. Gives back what it has, and it waits for work no longer; nobody has died.
local owner = ARGV[1] .. '|'
for _, waiter in ipairs(redis.call('SMEMBERS', IDLE)) do
	if string.sub(waiter, 1, #owner) == owner then
		redis.call('SREM', IDLE, waiter)
	end
end
release(ARGV[1], false)
return 1
