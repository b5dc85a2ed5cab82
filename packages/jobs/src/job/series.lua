-- Included by every script that changes a job: the job's counts over time.
--- @include "redis/clock"
--- @include "redis/numbers"

-- A Lua script can have 200 local names. Names that only this file needs are local to this block.
local note_count, note_latency, write_series
do
  -- `add` notes what it adds to these counts, by job, and `changed` writes it into the job's series. A point is
  -- `time / width`, then a number in each of these places; the last two are the sum and the highest of the latencies.
  local MEASURES = { done = 2, failed_calls = 2, ok = 3, empty = 4, failed = 5, items = 6, spent = 7 }
  local ANSWERS, SLOWEST, PLACES = 8, 10, 10
  local noted = {}

  local function merged(into, point)
    for place = 2, SLOWEST - 1 do
      into[place] = into[place] + point[place]
    end
    into[SLOWEST] = math.max(into[SLOWEST], point[SLOWEST])
    return into
  end

  local function note_at(job, place, by)
    noted[job] = noted[job] or { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }
    noted[job][place] = noted[job][place] + by
  end

  function note_count(job, field, by)
    if MEASURES[field] and by ~= 0 then
      note_at(job, MEASURES[field], by)
    end
  end

  function note_latency(job, ms)
    note_at(job, ANSWERS, 1)
    note_at(job, ANSWERS + 1, ms)
    noted[job][SLOWEST] = math.max(noted[job][SLOWEST], ms)
  end

  local function read_point(text)
    local point = {}
    for number in string.gmatch(text, '[^,]+') do
      point[#point + 1] = tonumber(number)
    end
    return point
  end

  local function point_text(point)
    local numbers = {}
    for place = 1, PLACES do
      numbers[place] = whole(point[place])
    end
    return table.concat(numbers, ',')
  end

  -- If there are too many points, joins them into points of twice the time, until they are few enough.
  local function widen_series(key, width)
    local texts, points = redis.call('LRANGE', key, 1, -1), {}
    for at, text in ipairs(texts) do
      points[at] = read_point(text)
    end
    while #points > MOST_POINTS do
      local wider = {}
      width = width * 2
      for _, point in ipairs(points) do
        point[1] = math.floor(point[1] / 2)
        local last = wider[#wider]
        if last and last[1] == point[1] then
          merged(last, point)
        else
          wider[#wider + 1] = point
        end
      end
      points = wider
    end
    for at, point in ipairs(points) do
      points[at] = point_text(point)
    end
    redis.call('DEL', key)
    redis.call('RPUSH', key, whole(width), unpack(points))
  end

  -- Does nothing if nothing was noted. The series is the width of its points in ms, then the points.
  function write_series(job)
    local point, key = noted[job], series_key(job)
    if not point then
      return
    end
    noted[job] = nil
    local width = tonumber(redis.call('LINDEX', key, 0) or POINT_MS)
    point[1] = math.floor(now_ms() / width)
    local text = redis.call('LINDEX', key, -1)
    local last = text and string.find(text, ',', 1, true) and read_point(text)
    -- The clock may have been set back.
    if last and last[1] >= point[1] then
      redis.call('LSET', key, -1, point_text(merged(last, point)))
      return
    end
    if not text then
      redis.call('RPUSH', key, whole(width))
    end
    if redis.call('RPUSH', key, point_text(point)) > MOST_POINTS + 1 then
      widen_series(key, width)
    end
  end
end
