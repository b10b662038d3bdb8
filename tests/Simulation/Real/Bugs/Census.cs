using System.Globalization;
using System.Text;
using Byok.Copying;
using Cloud.Objects;
using Simulation.Real.Clouds;

namespace Simulation.Real.Bugs;

/// <summary>Where one shard of a run that puts objects under another key says how far it is,
/// and what bugs read there.</summary>
internal sealed record Census(string Run, int Shard)
{
    private const string Runs = MarkNames.Root + "rekey-";

    /// <summary>Null for any other mark.</summary>
    public static Census? Of(string key) =>
        key.StartsWith(Runs, StringComparison.Ordinal)
            && key.Split('/') is [_, var run, ['s', 'h', 'a', 'r', 'd', '-', .. var shard], "progress.json"]
            ? new Census(run, int.Parse(shard, CultureInfo.InvariantCulture))
            : null;

    public Mark? Read(Bug bug, Bucket bucket, Mark? real) => bug switch
    {
        Bug.OldKeyUnpinnedBeforeZero =>
            new Mark(
                Encoding.UTF8.GetBytes(
                    $$"""{"shard":{{Shard}},"shards":{{CopyPods.Shards}},"startedAt":"2026-01-01T00:00:00+00:00","finishedAt":"2026-01-01T00:00:00+00:00"}"""), "e0"),
        Bug.OneShardsCensusCountsForAll when Shard > 0 && real is null => Said(bucket, Run),
        Bug.AnotherRunsCensusCounts
            when real is null =>
                bucket.Under(Runs).Select(entry => Of(entry.Key)).OfType<Census>()
                    .Where(one => one.Run != Run && one.Shard == Shard)
                .Select(one => Said(bucket, one.Run, Shard)).FirstOrDefault(mark => mark is not null),
        _ => real,
    };

    /// <summary>As if it were this shard's.</summary>
    private Mark? Said(Bucket bucket, string run, int by = 0) =>
        bucket.Of(MarkNames.Progress(run, by)) is [.., { IsMarker: false, Content: { } content } entry]
            ? new Mark(Encoding.UTF8.GetBytes(Whole(Encoding.UTF8.GetString(content.Span))), entry.ETag)
            : null;

    private string Whole(string text)
    {
        var said = System.Text.Json.Nodes.JsonNode.Parse(text)!.AsObject();
        said["shard"] = Shard;
        return said.ToJsonString();
    }
}
