using Shouldly;

namespace Cluster.Tests.Moving;

/// <summary>What is promised to workloads, held against what became of their calls.</summary>
internal static class TrafficAssertions
{
    public static void ShouldHaveRead(this Traffic traffic)
    {
        traffic.Reads.ShouldBeGreaterThan(0);
        traffic.RefusedReads.ShouldBeEmpty();
        traffic.WrongReads.ShouldBeEmpty();
    }

    /// <summary>A fence refuses from a moment on, and up to one:
    /// no write is taken between two that it refused.</summary>
    /// <param name="fence">The code of its refusals; null where there is none.</param>
    /// <param name="of">What one fence holds in one moment: all that a writer writes, or a name.</param>
    public static void ShouldHaveWritten(
        this Traffic traffic, string? fence, Func<Traffic.Write, string>? of = null)
    {
        traffic.Taken.ShouldBeGreaterThan(0);
        traffic.Writes.Where(write => write.Refusal is not null && write.Refusal != fence).ShouldBeEmpty();
        traffic.Writes.GroupBy(of ?? (write => $"writer {write.Writer}"))
            .Where(group => group.SkipWhile(write => write.Refusal is null)
                .SkipWhile(write => write.Refusal is not null).Any(write => write.Refusal is not null))
            .Select(group => group.Key).ShouldBeEmpty("a fence that stands is not lifted before its time");
    }

    /// <summary>What was taken stands, and nothing else under those names: each version in its order where they are
    /// kept, else the last one.</summary>
    public static void ShouldStand(this Traffic traffic, IEnumerable<StoredVersion> all, bool isVersioned)
    {
        var found = all.Where(one => one.Key.StartsWith(Traffic.Prefix, StringComparison.Ordinal))
            .ToLookup(one => one.Key, one => one.Digest ?? "deleted")
            .ToDictionary(name => name.Key, name => name.ToList());
        var taken = traffic.TakenByName();
        found.Keys.ShouldBe(taken.Keys, ignoreOrder: true);
        foreach (var (name, digests) in taken)
        {
            found[name].ShouldBe(isVersioned ? digests : [digests[^1]], name);
        }
    }
}
