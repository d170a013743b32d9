-- ARGV: id, its owner, and how far it is. Who has lost the task says nothing more of it.
if redis.call('HGET', RUNNING, ARGV[1]) == ARGV[2] then
	redis.call('HSET', PROGRESS, ARGV[1], ARGV[3])
	return 1
end
return 0
