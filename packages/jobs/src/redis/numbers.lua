-- Lua writes large numbers as 1.8e+15 and -(0) as -0. Redis needs all digits, and refuses -0.
local function whole(number)
  return string.format('%.0f', number + 0)
end

local function number_of(value)
  return tonumber(value or '0') or 0
end
