-- How a lock goes from one to the next. EXACT: whether PUBLISH tells how many it reaches.

-- ms after which a waiter that has not asked again is forgotten; well over the longest sleep of one that lives.
local PATIENCE = 10000
-- ms of a grant that has to be asked for again.
local CLAIM = 1000

local function remove(owner)
	if redis.call('HDEL', WAITERS, owner) == 1 then
		redis.call('LREM', QUEUE, 1, owner)
	end
end

-- Gives the free lock to the first waiter that can be reached, or to the asker if it is the first or there is none.
-- Where the server cannot tell exactly who is reached, the grant is short, and the waiter asks again to keep it.
local function handOver(asker, ttl, now)
	local place = 0
	local owner = redis.call('LINDEX', QUEUE, place)
	while owner and owner ~= asker do
		local waiter = redis.call('HGET', WAITERS, owner)
		local stop, its, channel = string.match(waiter or '', '^(%d+)|(%d+)|(.*)$')
		if not stop or tonumber(stop) < tonumber(now) then
			remove(owner)
			redis.call('LREM', QUEUE, 0, owner)
		elseif not EXACT then
			remove(owner)
			grant(owner, math.min(its, CLAIM), now)
			redis.call('PUBLISH', channel, 'l?' .. owner)
			return
		else
			local token = nextToken(now)
			local news = 'l' .. token .. '|' .. now .. '|' .. owner .. '\n' .. HOLDER
			if redis.call('PUBLISH', channel, news) > 0 then
				remove(owner)
				redis.call('SET', HOLDER, token .. '|' .. owner, 'PX', its)
				return
			end
			place = place + 1
		end
		owner = redis.call('LINDEX', QUEUE, place)
	end
	if asker then
		if owner then
			remove(asker)
		end
		return grant(asker, ttl, now)
	end
end
