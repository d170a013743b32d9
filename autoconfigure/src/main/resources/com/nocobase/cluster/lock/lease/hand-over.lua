-- What all scripts of one lock share.
-- KEYS: the holder, the queue of waiters in order of arrival, what is known of each waiter, the bucket's last token.
-- holder = token|owner, and expires; of a waiter = end|ttl|channel.
local HOLDER, QUEUE, WAITERS, TOKEN = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

-- ms after which a waiter that has not asked again is forgotten; well over the longest sleep of one that lives.
local PATIENCE = 10000
-- ms of a grant that has to be asked for again.
local CLAIM = 1000

local function micros()
	local time = redis.call('TIME')
	return time[1] * 1000000 + time[2]
end

-- Returns the token if the owner is in.
local function tokenOf(owner)
	local holder = redis.call('GET', HOLDER)
	local bar = holder and string.find(holder, '|', 1, true)
	if bar and string.sub(holder, bar + 1) == owner then
		return string.sub(holder, 1, bar - 1)
	end
	return false, holder
end

local function remove(owner)
	if redis.call('HDEL', WAITERS, owner) == 1 then
		redis.call('LREM', QUEUE, 1, owner)
	end
end

-- Rises also where the clock has stepped back, or the data is gone.
local function nextToken(now)
	local last = tonumber(redis.call('GET', TOKEN) or '0')
	local token = string.format('%.0f', math.max(now, last + 1))
	redis.call('SET', TOKEN, token)
	return token
end

local function grant(owner, ttl, now)
	local token = nextToken(now)
	redis.call('SET', HOLDER, token .. '|' .. owner, 'PX', ttl)
	return token
end

-- Gives the free lock to the first waiter that can be reached, or to the asker if it is the first or there is none.
-- Where the server cannot tell who is reached, the grant is short, and the waiter asks again to keep it.
local function handOver(asker, ttl, now, exact)
	local place = 0
	local owner = redis.call('LINDEX', QUEUE, place)
	while owner and owner ~= asker do
		local waiter = redis.call('HGET', WAITERS, owner)
		local stop, its, channel = string.match(waiter or '', '^(%d+)|(%d+)|(.*)$')
		if not stop or tonumber(stop) < now then
			remove(owner)
			redis.call('LREM', QUEUE, 0, owner)
		elseif not exact then
			remove(owner)
			grant(owner, math.min(its, CLAIM), now)
			redis.call('PUBLISH', channel, 'l?' .. owner)
			return
		else
			local token = nextToken(now)
			local news = 'l' .. token .. '|' .. string.format('%.0f', now) .. '|' .. owner .. '\n' .. HOLDER
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
