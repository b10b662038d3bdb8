using System.Globalization;
using System.Text.Json.Nodes;

namespace FakeApiServer;

/// <summary>RFC 6902 and RFC 7386 on a copy.</summary>
internal static class Patches
{
    public static JsonObject Merge(JsonObject target, JsonObject patch)
    {
        var result = target.DeepClone().AsObject();
        Lay(result, patch);
        return result;
    }

    private static void Lay(JsonObject result, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else if (value is not JsonObject inner)
            {
                result[name] = value.DeepClone();
            }
            else if (result[name] is JsonObject there)
            {
                Lay(there, inner);
            }
            else
            {
                var made = new JsonObject();
                Lay(made, inner);
                result[name] = made;
            }
        }
    }

    public static JsonObject Json(JsonObject target, JsonArray operations)
    {
        var result = target.DeepClone().AsObject();
        foreach (var operation in operations)
        {
            var path = (string)operation!["path"]!;
            var steps = path.Split('/')[1..]
                .Select(step =>
                    step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))
                        .ToList();
            JsonNode? parent = result;
            foreach (var step in steps.SkipLast(1))
            {
                parent = Child(parent, step);
            }

            Act((string)operation["op"]!, parent, steps[^1], operation["value"], path);
        }

        return result;
    }

    private static void Act(string op, JsonNode? parent, string step, JsonNode? value, string path)
    {
        var there = Child(parent, step);
        if (op == "test")
        {
            Require(JsonNode.DeepEquals(there, value), $"testing path {path} failed");
            return;
        }

        Require(op == "add" ? parent is not null
            : there is not null, $"{op} operation does not apply: doc is missing path: {path}");
        switch (op, parent)
        {
            case ("add", JsonArray list):
                list.Insert(step == "-" ? list.Count
                    : int.Parse(step, CultureInfo.InvariantCulture), value?.DeepClone());
                break;
            case ("add" or "replace", JsonObject map):
                map[step] = value?.DeepClone();
                break;
            case ("replace", JsonArray list):
                list[list.IndexOf(there)] = value?.DeepClone();
                break;
            case ("remove", JsonObject map):
                map.Remove(step);
                break;
            case ("remove", JsonArray list):
                list.RemoveAt(int.Parse(step, CultureInfo.InvariantCulture));
                break;
            default:
                throw ApiError.BadRequest($"unexpected operation {op}");
        }
    }

    private static JsonNode? Child(JsonNode? node, string step) => node switch
    {
        JsonObject map => map[step],
        JsonArray list =>
            int.TryParse(step, CultureInfo.InvariantCulture, out var index) && index < list.Count ? list[index] : null,
        _ => null,
    };

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw ApiError.Invalid($"the server rejected our request due to an error in our request: {message}");
        }
    }
}
