-- Returns how many tasks wait or are delayed, and when the first in each line was published.
local answer = { redis.call('LLEN', WAIT) + redis.call('ZCARD', IMPORTANT) + redis.call('ZCARD', DELAYED) }
for _, first in ipairs({ redis.call('LINDEX', WAIT, -1), redis.call('ZRANGE', IMPORTANT, 0, 0)[1] or false }) do
	if first then
		answer[#answer + 1] = string.match(redis.call('HGET', TASKS, first), '^%d;(%d+)')
	end
end
answer[#answer + 1] = redis.call('ZRANGE', AGES, 0, 0, 'WITHSCORES')[2]
return answer
