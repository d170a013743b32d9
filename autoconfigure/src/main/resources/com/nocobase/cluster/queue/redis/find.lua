-- ARGV: id. Returns where it is, one letter, with what is known of it; or nothing.
local id = ARGV[1]
local task = redis.call('HGET', TASKS, id)
if task then
	local state = 'W'
	if redis.call('HEXISTS', RUNNING, id) == 1 then
		state = 'R'
	elseif redis.call('ZSCORE', DELAYED, id) then
		state = 'L'
	end
	return { state, string.match(task, '^%d;(%d+)'), redis.call('HGET', META, id) or '', redis.call('HGET', PROGRESS, id) or '' }
end
local letter = redis.call('HGET', DEAD, id)
if letter then
	return { 'X', letter }
end
local over = redis.call('HGET', OVER, id)
return over and { string.sub(over, 1, 1), string.sub(over, 3) } or {}
