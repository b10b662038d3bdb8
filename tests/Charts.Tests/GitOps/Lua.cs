using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;

namespace Charts.Tests.GitOps;

/// <summary>
/// Argo CD's scripts, run by the lua that BYOK_TEST_LUA names, with the object as the global <c>obj</c>. Argo CD's own
/// is of version 5.1, so the scripts keep to what both know. Its clock stands, as in Argo CD's own tests.
/// </summary>
internal static class Lua
{
    private const string Variable = "BYOK_TEST_LUA";

    /// <summary>Prints a table as JSON, in order of its keys. A table with an entry 1 is a list; an empty list is told
    /// apart by its metatable, as Argo CD puts such lists back.</summary>
    private const string Print = """
        local function text(value)
          if type(value) ~= "table" then
            return type(value) == "string" and '"' .. value:gsub('[%c"\\]', function(c) return string.format("\\u%04x", c:byte()) end) .. '"' or tostring(value)
          end
          if getmetatable(value) == empty then return "[]" end
          local parts = {}
          if value[1] ~= nil then
            for _, one in ipairs(value) do parts[#parts + 1] = text(one) end
            return "[" .. table.concat(parts, ",") .. "]"
          end
          local names = {}
          for name in pairs(value) do names[#names + 1] = name end
          table.sort(names)
          for _, name in ipairs(names) do parts[#parts + 1] = '"' .. name .. '":' .. text(value[name]) end
          return "{" .. table.concat(parts, ",") .. "}"
        end
        """;

    private static string Program => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path
        ? path
        : throw new InvalidOperationException($"{Variable} names no lua: run these tests by tests/run.sh, or set it");

    /// <summary>What the script returns.</summary>
    public static async Task<JsonNode> RunAsync(string script, JsonNode about)
    {
        var ran = await Command.RunAsync(Program, ["-"], $"""
            os.date = function() return "0001-01-01T00:00:00Z" end
            local empty = {"{}"}
            obj = {Literal(about)}
            local script = function()
            {await File.ReadAllTextAsync(script)}
            end
            {Print}
            print(text(script()))
            """);
        return JsonNode.Parse(ran.Require())!;
    }

    private static string Literal(JsonNode? value) => value switch
    {
        JsonObject map =>
            "{"
                + string.Join(", ",
                    map.Where(field => field.Value is not null)
                        .Select(field => $"[{Text(field.Key)}] = {Literal(field.Value)}")) + "}",
        JsonArray { Count: 0 } => "setmetatable({}, empty)",
        JsonArray list => "{" + string.Join(", ", list.Select(Literal)) + "}",
        JsonValue text when text.TryGetValue<string>(out var said) => Text(said),
        null => "nil",
        _ => value.ToJsonString(),
    };

    private static string Text(string said) =>
        $"\"{string.Concat(Encoding.UTF8.GetBytes(said).Select(one => one is >= 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\' ? $"{(char)one}" : $"\\{one:000}"))}\"";
}
