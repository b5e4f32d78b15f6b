-- What wrk sends. BENCH_PLAN names a file with one request a line: method, path, cookie, whether htmx sends it, body, separated
-- by tabs. They are sent in their order, from the start again when all have been sent.
local plan = {}
for line in io.lines(os.getenv("BENCH_PLAN")) do
  local method, path, cookie, htmx, body = line:match("^(%S+)\t(%S+)\t([^\t]*)\t([^\t]*)\t(.*)$")
  local headers = { ["Host"] = "127.0.0.1" }
  if cookie ~= "" then headers["Cookie"] = cookie end
  if htmx ~= "" then headers["HX-Request"] = "true" end
  if body ~= "" then headers["Content-Type"] = "application/x-www-form-urlencoded" end
  plan[#plan + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
end

local sent = 0

request = function()
  sent = sent % #plan + 1
  return plan[sent]
end

local thread
setup = function(one)
  thread = one
end

moved = 0
response = function(status)
  if status >= 300 and status < 400 then moved = moved + 1 end
end

done = function(summary, latency)
  io.write(string.format(
    "RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.errors.status + summary.errors.read
      + summary.errors.timeout + summary.errors.connect, thread:get("moved"), latency:percentile(50), latency:percentile(99)))
end
