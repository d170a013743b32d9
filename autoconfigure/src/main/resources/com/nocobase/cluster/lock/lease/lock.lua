-- What all scripts of one lock begin with.
-- KEYS: the holder, the queue of waiters in order of arrival, what is known of each waiter, the bucket's last token.
-- holder = token|owner, and expires; of a waiter = end|ttl|channel.
local HOLDER, QUEUE, WAITERS, TOKEN = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

-- Returns the time in µs, as text.
local function micros()
	local time = redis.call('TIME')
	return time[1] .. string.sub('00000' .. time[2], -6)
end

-- Rises also where the clock has stepped back, or the data is gone.
local function nextToken(now)
	local last = redis.call('GETSET', TOKEN, now)
	if not last or tonumber(last) < tonumber(now) then
		return now
	end
	local token = string.format('%.0f', last + 1)
	redis.call('SET', TOKEN, token)
	return token
end

local function grant(owner, ttl, now)
	local token = nextToken(now)
	redis.call('SET', HOLDER, token .. '|' .. owner, 'PX', ttl)
	return token
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

