-- ARGV: id. Returns where it is, one letter, and what is known of it; or nothing.
local id = ARGV[1]
local task = redis.call('HGET', TASKS, id)
if not task then
	return {}
end
if task == 'X' then
	return { 'X', redis.call('HGET', DEAD, id) }
end
if string.find(task, '^%d') == nil then
	return { string.sub(task, 1, 1), string.sub(task, 2) }
end
local state = 'W'
if redis.call('HEXISTS', RUNNING, id) == 1 then
	state = 'R'
elseif redis.call('ZSCORE', DELAYED, id) then
	state = 'L'
end
return { state, task, redis.call('HGET', PROGRESS, id) or '' }
