-- ARGV: session. When it hears the answer it has heard all tasks that were sent to it before.
redis.call('PUBLISH', string.match(ARGV[1], '^(.*)#'), 'qm' .. WAIT .. '\n' .. ARGV[1] .. '\n' .. now)
return 1
