local actions = {}
local deleting = obj.metadata.deletionTimestamp ~= nil
actions["look-now"] = {["disabled"] = false}
actions["report-now"] = {["disabled"] = deleting}
return actions
