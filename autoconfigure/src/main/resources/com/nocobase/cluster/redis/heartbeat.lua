-- ARGV: the channel of the sign, and the sign; then for each part its name, the numbers of its keys and arguments, the arguments.
-- A part that fails must not keep the others from being renewed.
redis.call('PUBLISH', ARGV[1], ARGV[2])
local answers, key, arg = {}, 1, 3
while ARGV[arg] do
	local name, keys, args = ARGV[arg], {}, {}
	for i = 1, tonumber(ARGV[arg + 1]) do
		keys[i] = KEYS[key]
		key = key + 1
	end
	local count = tonumber(ARGV[arg + 2])
	for i = 1, count do
		args[i] = ARGV[arg + 2 + i]
	end
	arg = arg + 3 + count
	local ok, answer = pcall(parts[name], keys, args)
	if not ok then
		answer = type(answer) == 'table' and answer.err or tostring(answer)
	end
	answers[#answers + 1] = { ok and 1 or 0, answer }
end
return answers
