-- Closed because Git revokes the key is Suspended; closed for any other reason is Degraded: nobody here asked for it.
local function condition(type)
  if obj.status ~= nil and obj.status.conditions ~= nil then
    for _, one in ipairs(obj.status.conditions) do
      if one.type == type then
        return one
      end
    end
  end
  return nil
end

local function health(status, message)
  return {status = status, message = message}
end

local ready = condition("Ready")
if ready == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return health("Progressing", "the operator has not looked at it yet")
end

local words = ready.reason
if ready.message ~= nil and ready.message ~= "" then
  words = ready.message
end
if condition("Stalled") ~= nil then
  return health("Degraded", words)
end
if obj.metadata.deletionTimestamp ~= nil then
  return health("Progressing", "being deleted: " .. words)
end
if obj.status.availability == "Closed" then
  if string.sub(obj.status.closedReason or "", 1, 15) == "RevokedByTenant" then
    return health("Suspended", "closed, as the key's spec.state says")
  end
  return health("Degraded", "closed: " .. (obj.status.closedReason or words))
end
if obj.status.availability == "Closing" then
  return health("Progressing", "closing: " .. (obj.status.closedReason or words))
end
if ready.status == "True" then
  return health("Healthy", words)
end
-- Nothing goes on until the window opens, or until somebody sets the mode to Run.
local waits = {Paused = true, Planned = true, WindowNotOpen = true, WindowEndsTooSoon = true}
if waits[ready.reason] or obj.status.availability == "Paused" then
  return health("Suspended", words)
end
return health("Progressing", words)
