using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ByokOperator.Tests.Api;

/// <summary>
/// Makes objects that a schema of crds/ lets in, the odd ones above all: each form of a number and a time that the
/// apiserver takes, texts as short and as long as they may be, fields that no schema has. CEL rules are left to others:
/// an object that only they refuse can stand on a server that has none.
/// </summary>
internal sealed class SchemaObjects(JsonObject schema, string kind, int seed)
{
    /// <summary>One in so many texts that may be thousands of characters long is:
    /// ten thousand objects are to be made in seconds.</summary>
    private const int LongTextOneIn = 40;

    /// <summary>Everything that <c>format: date-time</c> lets in, which is more than there are times.</summary>
    private static readonly string[] times =
    [
        "2027-01-01T00:00:00Z", "2027-01-01t00:00:00z", "2027-01-01T00:00:00.1Z", "2027-01-01T00:00:00.123456789Z",
        "2027-01-01T00:00:00.12345678901234567890z",
        "2027-01-01T23:59:59+02:00", "2027-01-01T23:59:59-14:00", "2027-01-01T00:00:00+99:99",
        "2027-01-01T00:00:00-23:59", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.999999999Z", "2028-02-29T12:00:00Z",
        "2027-01-01T00:00:00Ztomorrow", "2027-01-01t00:00:00ztnonsense", "2027-01-01T00:00:00x5Z",
    ];

    private static readonly string[] durations =
        ["30s", "0s", "0h", "1.5h", "999999999999h", "0.000000001s", "1h1m1s1ms", "999999999999.999999999ms",
            "1s1s1s1s1s", "00000000001s", "1m", "168h", "12h30m"];

    /// <summary>For every other pattern of crds/: what fits one is tried on all.</summary>
    private static readonly string[] words =
    [
        "eu-west-1", "us-gov-west-1", "cn-north-1", "ap-southeast-12", "aa-bb-cc-dd-ee-99", "acme-2026", "a", "a.b",
        "a-b.c", "x0", "Ready", "A", "A_b,c:d_", "z9",
        "", "A.B-c_d", "0", "prod",
    ];

    private static readonly string[] letters =
        ["a", "é", "日", "😀", "\u0000", "\u001f", "\"", "\\", "/", "<", "\u2028", "\ufffd", "\u0301", " "];

    private readonly Random random = new(seed);

    public JsonObject Next()
    {
        var made = (JsonObject)Value(schema, "");
        (made["apiVersion"], made["kind"], made["metadata"]) = ("byok.dev/v1alpha1", kind, Metadata());
        return made;
    }

    private JsonNode Value(JsonObject of, string path) => (string?)of["type"] switch
    {
        "string" => Text(of),
        "integer" => Number(of),
        "boolean" => random.Next(2) == 0,
        "array" => List(of, path),
        "object" => Map(of, path),
        var other => throw new NotSupportedException($"{path}: {other}"),
    };

    private JsonObject Map(JsonObject of, string path)
    {
        var made = new JsonObject();
        var required = (of["required"]?.AsArray() ?? []).Select(name => (string)name!).ToHashSet();
        var eagerness = random.Next(1, 4);
        foreach (var (name, field) in of["properties"]?.AsObject() ?? [])
        {
            if (required.Contains(name) || random.Next(4) < eagerness)
            {
                made[name] = Value(field!.AsObject(), $"{path}.{name}");
            }
        }

        if (of["additionalProperties"] is JsonObject values)
        {
            for (var left = random.Next((int)(long)of["maxProperties"]! + 1); left > 0; left--)
            {
                made[AnyText(0, 300)] = Value(values, path + "[]");
            }
        }
        else if (random.Next(6) == 0)
        {
            made["aFieldThatNoSchemaHas"] = JsonNode.Parse("""{"deep":[[[{"a":null}]],1e400,"text"],"b":{}}""");
        }

        return made;
    }

    private JsonArray List(JsonObject of, string path)
    {
        var (least, most) = ((int?)(long?)of["minItems"] ?? 0, (int)(long)of["maxItems"]!);
        var count = random.Next(4) switch { 0 => least, 1
            when random.Next(8) == 0 => most, _ => Math.Min(most, least + random.Next(3)) };
        return new JsonArray([.. Enumerable.Range(0, count).Select(_ => Value(of["items"]!.AsObject(), path + "[]"))]);
    }

    private JsonNode Text(JsonObject of)
    {
        if (of["enum"] is JsonArray allowed)
        {
            return allowed[random.Next(allowed.Count)]!.DeepClone();
        }

        if ((string?)of["format"] == "date-time")
        {
            return times[random.Next(times.Length)];
        }

        var (least, most) = ((int?)(long?)of["minLength"] ?? 0, (int?)(long?)of["maxLength"] ?? 40);
        if (of["pattern"] is { } pattern)
        {
            var fitting = durations.Concat(words)
                .Where(word => word.Length >= least && word.Length <= most && Regex.IsMatch(word, (string)pattern!))
                .ToList();
            return fitting.Count > 0 ? fitting[random.Next(fitting.Count)]
                : throw new NotSupportedException($"no sample fits {pattern}: add one");
        }

        return random.Next(3) switch
        {
            0
                when times.FirstOrDefault(time => time.Length >= least && time.Length <= most) is not null =>
                    times.Where(time => time.Length >= least && time.Length <= most).ElementAt(0),
            1
                when words.Any(word => word.Length >= least && word.Length <= most) =>
                    words.First(word => word.Length >= least && word.Length <= most),
            _ => AnyText(least, most),
        };
    }

    /// <summary>The apiserver counts characters, not what this platform stores them in.</summary>
    private string AnyText(int least, int most)
    {
        var length = random.Next(5) switch
        {
            0 => least,
            1 when most <= 300 || random.Next(LongTextOneIn) == 0 => most,
            _ => random.Next(least, Math.Min(most, least + 30) + 1),
        };
        var letter = letters[random.Next(letters.Length)];
        var text = new StringBuilder();
        for (var left = length; left > 0; left--)
        {
            text.Append(random.Next(10) == 0 ? letters[random.Next(letters.Length)] : letter);
        }

        return text.ToString();
    }

    /// <summary>The apiserver knows whole numbers by their value, not by how they are written.</summary>
    private JsonNode Number(JsonObject of)
    {
        var (least, most) = ((long?)of["minimum"] ?? long.MinValue, (long?)of["maximum"]
            ?? ((string?)of["format"] == "int32" ? int.MaxValue : long.MaxValue));
        var value = random.Next(4) switch { 0 => least, 1 => most, _ =>
            random.NextInt64(least, Math.Min(most, least + 1_000_000) + 1) };
        var text = value.ToString(CultureInfo.InvariantCulture);
        return JsonNode.Parse(random.Next(5) switch
        {
            0 => text + ".0",
            1 => text + "e0",
            2 when value is > 0 and < 1_000 && most > 1_000_000 => text + "E+3",
            3 when most > int.MaxValue && random.Next(4) == 0 => "18446744073709551616", // some servers check no range
            _ => text,
        })!;
    }

    private JsonObject Metadata() => new()
    {
        ["name"] = $"object-{random.Next(1000)}",
        ["namespace"] = "tenant",
        ["uid"] = Guid.NewGuid().ToString(),
        ["resourceVersion"] = $"{random.NextInt64()}",
        ["generation"] = random.Next(1, 10),
        ["creationTimestamp"] = "2027-01-01T00:00:00Z",
        ["deletionTimestamp"] = random.Next(4) == 0 ? "2027-01-01T00:00:00Z" : null,
        ["labels"] = new JsonObject { ["app"] = "a" },
        ["annotations"] = new JsonObject
        {
            ["byok.dev/reconcile-at"] = AnyText(0, 1000),
            ["any"] = AnyText(0, random.Next(200) == 0 ? 200_000 : 100),
        },
        ["finalizers"] = new JsonArray("byok.dev/protect"),
        ["managedFields"] = JsonNode.Parse(
            """[{"manager":"kubectl","operation":"Apply","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:state":{}},"k:{\"a\":1}":{".":{}}}}]"""),
    };
}
