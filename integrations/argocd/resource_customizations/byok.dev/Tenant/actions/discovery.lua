local actions = {}
actions["look-now"] = {["disabled"] = false}
return actions
