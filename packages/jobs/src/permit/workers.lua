-- Included by scripts that must know which workers take calls.
--- @include "redis/shared"
-- Places of a worker that has been silent for longer do not count.
local PLACES_MS = 10000

-- How many workers take calls, and how many calls all of them take at once.
local function count_takers()
  local now, workers, places = now_ms(), 0, 0
  local all = redis.call('HGETALL', worker_places_key)
  for at = 1, #all, 2 do
    if now - number_of(redis.call('ZSCORE', workers_key, all[at])) < PLACES_MS then
      workers = workers + 1
      places = places + tonumber(all[at + 1])
    end
  end
  return workers, places
end
