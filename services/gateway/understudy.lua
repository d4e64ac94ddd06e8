-- A request whose path is no route: its endpoint has no instance, or there is
-- no such endpoint. Where an instance is expected, it is held back for a
-- bounded time and number, and counted: who waits is demand.
local most = @MOST@
local routes = Map.new("@DIR@/routes.map", Map._str)
local endpoints = Map.new("@DIR@/endpoints.map", Map._str)
local waiting, arrived, last = {}, {}, 0
local function now_ms()
  local now = core.now()
  return now.sec * 1000 + now.usec // 1000
end
-- A request that was given up is noticed by its silence.
local function alive(endpoint)
  local count, limit = 0, now_ms() - 2000
  for id, touched in pairs(waiting[endpoint] or {}) do
    if touched < limit then
      waiting[endpoint][id] = nil
    else
      count = count + 1
    end
  end
  return count
end
local function refuse(txn)
  local full = txn:reply{status = 429, body =
    '{"reason":"queue-full","message":' ..
    '"too many requests wait for this endpoint"}\n'}
  full:add_header("content-type", "application/json")
  full:add_header("retry-after", "1")
  txn:done(full)
end
-- Until there is a route, or no hope of one.
local function wait(txn, path, limit, mine)
  last = last + 1
  local me, begin = last, now_ms()
  mine[me] = begin
  local route = nil
  while not route and mine[me] - begin < limit do
    -- It hears of nothing new; the process in its place does.
    if txn.f:stopping() == 1 then
      route = "again"
    else
      core.msleep(50)
      mine[me] = now_ms()
      route = routes:lookup(path)
    end
  end
  mine[me] = nil
  if route then txn:set_var("txn.route", route) end
end
core.register_action("understudy_wait", {"http-req"}, function(txn)
  local path = txn.f:path() or ""
  local endpoint = path:match("^/endpoints/([^/]+)/invocations$")
  local known = endpoint and endpoints:lookup(endpoint)
  if not known then return end
  txn:set_var("txn.endpoint", endpoint)
  local limit = tonumber(known:match("^[^|]*|(%d+)|") or "0")
  if limit == 0 then return end
  arrived[endpoint] = (arrived[endpoint] or 0) + 1
  waiting[endpoint] = waiting[endpoint] or {}
  if alive(endpoint) >= most then return refuse(txn) end
  wait(txn, path, limit, waiting[endpoint])
end, 0)
core.register_cli({"show", "understudy"},
  "show understudy : requests held back, by endpoint",
  function(applet)
    for endpoint, count in pairs(arrived) do
      applet:send(endpoint .. " " .. alive(endpoint) .. " " .. count .. "\n")
    end
  end)
