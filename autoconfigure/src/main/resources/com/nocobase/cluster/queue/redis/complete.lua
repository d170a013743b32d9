-- Tasks that are done and told no progress. Runs for every task, so it gets the keys that it needs.
-- ARGV: number of the call; for each task its id, its owner, and what is remembered. Returns for each 1 if it was owned, else 0.
local ids, results, owned, records = {}, {}, {}, {}
for i = 2, #ARGV, 3 do
	ids[#ids + 1] = ARGV[i]
end
local owners = redis.call('HMGET', RUNNING, unpack(ids))
for n, id in ipairs(ids) do
	if owners[n] == ARGV[3 * n] then
		results[n] = '1'
		owned[#owned + 1] = id
		records[#records + 1] = id
		records[#records + 1] = 'D' .. ARGV[3 * n + 1]
	else
		results[n] = '0'
	end
end
if #owned > 0 then
	redis.call('HDEL', RUNNING, unpack(owned))
	remember(owned, records)
end
return result(table.concat(results))
