-- ARGV: number of the call, id. Cancels a task that waits or is delayed. Returns 1 if it was one.
local id = ARGV[2]
local task = redis.call('HGET', TASKS, id)
if not isLive(task) or redis.call('HEXISTS', RUNNING, id) == 1 then
	return result('0')
end
if redis.call('ZREM', DELAYED, id) + redis.call('ZREM', IMPORTANT, id) == 0 then
	redis.call('LREM', WAIT, -1, id)
end
redis.call('ZREM', AGES, id)
redis.call('HDEL', PROGRESS, id)
local published, failures, length, start = string.match(task, '^%d;(%d+);(%d+);%d+;(%d+)\n()')
local error = string.sub(task, start, start + length - 1)
remember({ id }, { id, table.concat({ 'C' .. failures, 0, 0, published, error }, ';') })
return result('1')
