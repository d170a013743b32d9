-- KEYS: the entry. ARGV: a channel, the news of the change, a command, and its arguments behind the key.
redis.call(ARGV[3], KEYS[1], unpack(ARGV, 4))
redis.call('PUBLISH', ARGV[1], ARGV[2])
return 1
