using System.Text.Json;
using Kube.Core.Json;

namespace Kube.Core;

/// <summary>
/// From a reader's exception to a short sentence for people. The reader's own words are of .NET, and may quote what
/// stands there; these name the field and what was looked for.
/// </summary>
internal static class UnreadableReason
{
    /// <summary>Paths are as long as the names in them.</summary>
    private const int LongestPath = 200;

    private static readonly (string Word, string Told)[] wanted =
    [
        ("not a time", "not a time"), // the words of our own converters
        (Entries.HasNull, "holds a null: take it out"),
        ("not a whole number", "not a whole number"),
        ("as a string", "not a text"),
        ("as a number", "not a whole number"),
        ("as a boolean", "not true or false"),
        ("System.String", "not a text"),
        ("System.Int", "not a whole number"),
        ("System.Nullable`1[System.Int", "not a whole number"),
        ("System.Boolean", "not true or false"),
        ("System.DateTimeOffset", "not a time"),
        ("System.Nullable`1[System.DateTimeOffset", "not a time"),
        ("IReadOnlyDictionary", "not a map of texts"),
        ("IReadOnlyList", "not a list"),
        ("IDictionary", "not a map of texts"), // the client's models
        ("IList", "not a list"),
        ("System.DateTime", "not a time"),
        ("could not be converted to", "not an object"),
        ("missing required properties", "lacks a field that it needs"),
        ("maximum configured depth", "nested too deep"),
    ];

    public static string Of(Exception failure) => failure is JsonException { Path: { Length: > 0 } path }
        ? $"{Field(path)}: {Told($"{failure.InnerException?.Message} {failure.Message}")}"
        : $"the object: {Told(failure.Message)}";

    private static string Field(string path)
    {
        var field = path is "$" ? "the object" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
        return field.Length <= LongestPath ? field : field[..LongestPath] + "…";
    }

    private static string Told(string message) =>
        wanted.FirstOrDefault(one => message.Contains(one.Word, StringComparison.Ordinal)).Told ?? "can't be read";
}
