-- ARGV: session, time, and owner\nid of each task that it knows of. Gives back those that were sent to it before and were lost on the
-- way.
local known = {}
for i = 3, #ARGV do
	known[ARGV[i]] = true
end
local running, owner, lost = redis.call('HGETALL', RUNNING), ARGV[1] .. '|p', 0
for i = 1, #running, 2 do
	local id, token = running[i], running[i + 1]
	if string.sub(token, 1, #owner) == owner and tonumber(string.sub(token, #owner + 1)) < tonumber(ARGV[2])
		and not known[token .. '\n' .. id] then
		redis.call('HDEL', RUNNING, id)
		line(id, redis.call('HGET', TASKS, id), true)
		lost = lost + 1
	end
end
if lost > 0 then
	wake(lost)
end
return lost
