using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fuzz.Nonsense;

/// <summary>Documents of JSON that are wrong in one place.</summary>
internal static class JsonNonsense
{
    private const string Marker = "@@here@@";

    /// <summary>As they are written, so that numbers that no reader knows and
    /// halves of letters can stand among them.</summary>
    public static readonly IReadOnlyList<string> Values =
    [
        "null", "true", "false", "0", "-1", "1e400", "-0.5", "9223372036854775807", "-9223372036854775808",
        "99999999999999999999999999",
        "\"\"", "\" \"", "[]", "{}", "[null]", "[[[]]]", "{\"\":null}", "\"\\ud800\"", "\"a\\u0000b\"", "\"\\uffff\"",
        "\"x\"", "\"AAAA\"", "\"%%%\"", "\"*\"",
        "\"9999-12-31T23:59:59Z\"", "\"0001-01-01T00:00:00Z\"", "\"Closed\"", "\"Open\"", "\"Revoked\"", "\"Usable\"",
        "\"9999-12-31T23:59:59.9999999-14:00\"", "\"0001-01-01T00:00:00+14:00\"", "\"2027-01-01t00:00:00z\"",
        "\"2026-02-30T00:00:00Z\"", "\"253402300800\"", "253402300800",
        "\"99999999h\"", "\"-1s\"", "\"PT1H\"",
        "\"arn:aws:kms:eu-west-1:333333333333:key/00000000-0000-0000-0000-000000000000\"",
        "\"arn:aws:kms\"", "\"other-tenant\"", "\"../../other\"",
        "\"https://other.vault.azure.net/keys/other/0123456789abcdef0123456789abcdef\"", "\"http://[::1\"", "\"Ours\"",
    ];

    public static string Of(string document, Random random)
    {
        try
        {
            return Parse(document) is { } root ? In(root, random) : Beside(document, random);
        }
        catch (InvalidOperationException)
        {
            return Beside(document, random); // half a letter in it already
        }
    }

    private static string Beside(string document, Random random) =>
        document.Insert(random.Next(document.Length + 1), Value(random));

    private static string In(JsonNode root, Random random)
    {
        List<(JsonNode Parent, string? Name, int Index)> places = [];
        Collect(root, places);
        if (places.Count == 0)
        {
            return Value(random);
        }

        var (parent, name, index) = places[random.Next(places.Count)];
        var old = (name is null ? parent[index] : parent[name])?.ToJsonString() ?? "null";
        Put(parent, name, index, Marker);
        var text = root.ToJsonString();
        var here = JsonSerializer.Serialize(Marker, TextJson.Default.String);
        return random.Next(8) switch
        {
            0
                when name is not null =>
                    text.Replace(here,
                        $"{old},{JsonSerializer.Serialize(name, TextJson.Default.String)}:{Value(random)}",
                        StringComparison.Ordinal),
            1 => text.Replace(here, $"[{old}]", StringComparison.Ordinal),
            2 =>
                text.Replace(here, $"[{string.Join(',', Enumerable.Repeat(old, random.Next(100) + 2))}]",
                    StringComparison.Ordinal),
            3 => Without(root, parent, name, index),
            4
                when name is not null =>
                    text.Replace($"{JsonSerializer.Serialize(name, TextJson.Default.String)}:{here}",
                        $"{JsonSerializer.Serialize(Renamed(name, random), TextJson.Default.String)}:{old}",
                        StringComparison.Ordinal),
            5 when old is ['"', .., '"'] => text.Replace(here, Bent(old, random), StringComparison.Ordinal),
            _ => text.Replace(here, Value(random), StringComparison.Ordinal),
        };
    }

    private static string Value(Random random) => random.Next(40) switch
    {
        0 => new string('[', 200) + new string(']', 200),
        1 => string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "1" + new string('}', 70),
        2 => new string('[', 63) + new string(']', 63),
        3 => "\"" + new string('x', 70_000) + "\"",
        4 => "[" + string.Join(',', Enumerable.Repeat("0", 5_000)) + "]",
        _ => Values[random.Next(Values.Count)],
    };

    private static JsonNode? Parse(string document)
    {
        try
        {
            return JsonNode.Parse(document);
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static void Collect(JsonNode node, List<(JsonNode, string?, int)> places)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in Fields(fields))
                {
                    places.Add((fields, name, 0));
                    Collect(value ?? new JsonArray(), places);
                }

                break;
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    places.Add((items, null, index));
                    Collect(items[index] ?? new JsonArray(), places);
                }

                break;
        }
    }

    /// <summary>One that names a field twice can't be looked through.</summary>
    private static List<KeyValuePair<string, JsonNode?>> Fields(JsonObject fields)
    {
        try
        {
            return [.. fields];
        }
        catch (ArgumentException)
        {
            return [];
        }
    }

    private static void Put(JsonNode parent, string? name, int index, JsonNode value)
    {
        if (name is not null)
        {
            parent[name] = value;
        }
        else
        {
            parent[index] = value;
        }
    }

    private static string Without(JsonNode root, JsonNode parent, string? name, int index)
    {
        if (name is not null)
        {
            parent.AsObject().Remove(name);
        }
        else
        {
            parent.AsArray().RemoveAt(index);
        }

        return root.ToJsonString();
    }

    private static string Renamed(string name, Random random) => random.Next(3) switch
    {
        0 => name.ToUpperInvariant(),
        1 => name + "\0",
        _ => "",
    };

    private static string Bent(string text, Random random) => random.Next(4) switch
    {
        0 => $"{text[..(text.Length / 2)]}\"",
        1 => $"{text[..^1]}\\ud800\"",
        2 => text.ToUpperInvariant().Replace("\\U", "\\u", StringComparison.Ordinal),
        _ => $"{text[..^1]}{text[1..]}",
    };
}
