using System.Globalization;
using System.Text.Json;

namespace Byok.Copying;

/// <summary>Why an attempt ended for good: trying again changes nothing until a person did.</summary>
public sealed record CopyRefusal
{
    /// <summary>Enough to see what kind of thing it is.</summary>
    public const int MostNamed = 10;

    private const int MostTold = 3;

    /// <summary>Of which Job; see <see cref="CopyOptions.Attempt"/>.</summary>
    public required int Attempt { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>What is wrong where it is no object.</summary>
    public string? Reason { get; init; }

    /// <summary>All such objects of the listing, where it was looked through; else at least so many.</summary>
    public long Count { get; init; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<RefusedObject> Objects { get; init => field = Whole(value); } = [];

    /// <summary>One sentence for people.</summary>
    public string Told => Tell("be copied");

    /// <summary>The same, of objects that can't have something else done to them.</summary>
    /// <param name="what">After "can't".</param>
    public string Tell(string what) => Objects.Count == 0 ? Reason ?? "the copy can't be made" : string.Create(
        CultureInfo.InvariantCulture,
        $"{Count} {(Count == 1 ? "object" : "objects")} can't {what}: "
            + $"{string.Join("; ", Objects.Take(MostTold).Select(one => $"{one.Shown}: {one.Fix}"))}{(Count > MostTold ? "; ..." : "")}");

    /// <summary>What two shards say of the same attempt. Each may have looked through the whole listing,
    /// so counts are not added up.</summary>
    public static CopyRefusal Together(CopyRefusal one, CopyRefusal other)
    {
        if (one.Attempt != other.Attempt)
        {
            return one.Attempt > other.Attempt ? one : other;
        }

        List<RefusedObject> all =
            [.. one.Objects.Concat(other.Objects).DistinctBy(refused => (refused.Key, refused.Version))];
        return one with
        {
            At = one.At > other.At ? one.At : other.At,
            Reason = one.Reason ?? other.Reason,
            Count = Math.Max(Math.Max(one.Count, other.Count), all.Count),
            Objects = [.. all.Take(MostNamed)],
        };
    }

    /// <exception cref="JsonException">An entry is null: no shard of ours writes such a one.</exception>
    private static IReadOnlyList<RefusedObject> Whole(IReadOnlyList<RefusedObject>? read) =>
        read is null ? [] : !read.Any(one => one is null) ? read : throw new JsonException("an entry is null");
}
