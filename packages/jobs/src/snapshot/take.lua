-- Included by the scripts that take snapshots. Each takes besides its own arguments run_id (of the Redis server), and peek
-- (true: the snapshot gets no number, because it is not to be stored).
--- @include "redis/shared"
local entries = {}

-- True if storage may have a newer snapshot than this Redis, which a snapshot taken now would replace: see catch-up.ts.
local function is_behind()
  local current = redis.call('HGET', installation_key, 'current')
  return current and current ~= arg.run_id
end

local function name_of(key)
  return string.sub(key, #root + 2)
end

local READ = {
  hash = { 'HGETALL' },
  list = { 'LRANGE', 0, -1 },
  set = { 'SMEMBERS' },
  zset = { 'ZRANGE', 0, -1, 'WITHSCORES' },
  string = { 'GET' },
}

-- Takes a key whole, if it exists.
local function take(key)
  local type = redis.call('TYPE', key).ok
  if type == 'none' then
    return
  end
  local read = READ[type]
  local found = redis.call(read[1], key, unpack(read, 2))
  entries[#entries + 1] = { name_of(key), type, type == 'string' and { found } or found, redis.call('PTTL', key) }
end

-- Takes one member of a sorted set that many jobs share, with its score.
local function take_score(key, member)
  local score = redis.call('ZSCORE', key, member)
  if score then
    entries[#entries + 1] = { name_of(key), 'member', { member, score }, -1 }
  end
end

-- Takes one member of a set that many jobs share.
local function take_member(key, member)
  if redis.call('SISMEMBER', key, member) == 1 then
    entries[#entries + 1] = { name_of(key), 'member', { member }, -1 }
  end
end

-- The snapshot: number, that of the one before, time, era, entries. Numbers are times, so that a snapshot has a higher
-- one than all before it, also where Redis has lost the last number. Until it is stored it stands in `keeping`, so that
-- a worker takes another one if this process dies before that.
local function snapshot_of(owner)
  if arg.peek then
    return { '0', '0', whole(now_ms()), '', entries }
  end
  redis.call('ZREM', unkept_key, owner)
  local before, number, now = number_of(redis.call('HGET', snapshots_key, owner)), 0, now_ms()
  -- An owner that has nothing left needs a snapshot that says so: an earlier one would bring it back.
  if #entries > 0 or before > 0 then
    number = math.max(before + 1, now)
    redis.call('HSET', snapshots_key, owner, whole(number))
    redis.call('ZADD', keeping_key, whole(now), owner .. ' ' .. whole(number))
  end
  return { whole(number), whole(before), whole(now), redis.call('HGET', installation_key, 'era') or '', entries }
end
