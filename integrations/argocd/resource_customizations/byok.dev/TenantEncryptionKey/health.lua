-- Revoked as spec.state asks is Healthy: what Git says has been done, and a sync that waited for more would hold up the commit that takes it back.
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
if ready.status == "True" then
  return health("Healthy", words)
end
if ready.reason == "Paused" then
  return health("Suspended", words)
end
if obj.status.verdict == "Revoked" then
  if obj.spec.state == "Revoked" then
    return health("Healthy", "revoked, as spec.state says: every store under it is closed")
  end
  return health("Degraded", "revoked: every store under it is closed: " .. words)
end
return health("Progressing", words)
