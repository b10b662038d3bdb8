using System.Text.Json;

namespace LocalCloud.Aws.Kms;

/// <summary>One page of a listing that is in ordinal order of its marks: what comes after Marker,
/// up to Limit.</summary>
internal static class KmsPage
{
    public static void Write<T>(
        KmsCall call, Utf8JsonWriter answer, (string Name, int Usual, int Most) what,
        IEnumerable<(string Mark, T Item)> all, Action<T> write)
    {
        var limit = call.Number("Limit") ?? what.Usual;
        if (limit < 1 || limit > what.Most)
        {
            throw KmsProblems.Validation(
                $"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must "
                    + $"have value between 1 and {what.Most}");
        }

        var marker = call.Text("Marker");
        var page = all.Where(one => marker is null || string.CompareOrdinal(one.Mark, marker) > 0).Take(limit + 1)
            .ToList();
        answer.WriteStartArray(what.Name);
        foreach (var (_, item) in page.Take(limit))
        {
            write(item);
        }

        answer.WriteEndArray();
        answer.WriteBoolean("Truncated", page.Count > limit);
        if (page.Count > limit)
        {
            answer.WriteString("NextMarker", page[limit - 1].Mark);
        }
    }
}
