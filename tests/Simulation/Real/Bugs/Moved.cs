using System.Security.Cryptography;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using Cloud.Objects;
using Cloud.Stores;

namespace Simulation.Real.Bugs;

/// <summary>A store on its way to its next bucket, as bugs see it and what they do to it.</summary>
internal static class Moved
{
    public static StoreWorld Saw(Bug bug, World world, StoreWorld seen) => (bug, seen.Next) switch
    {
        (Bug.OldBucketGoesBeforeTheOverlap, { Move: { } move } next) =>
            seen with { Next = next with { Move = move with { KeepSourceFor = TimeSpan.Zero } } },
        (Bug.UnclearBucketsAreFollowed, { IsUnclear: true }) => seen with { Next = null },
        (Bug.NextBucketGoesWithTheOnlyCopy, { IsServed: false }) when world.Homes[0].Target is null => seen with
        {
            Target = Fact.Seen(new TargetFacts(StoreOwnership.Ours, [], IsDenied: false)),
            Pin = Fact.Seen(StoreVerdict.RegionOf(seen)?.Pin),
            IsPinRecorded = false,
        },
        (Bug.EarlierNumbersReceiptIsBelieved, { IsServed: false, Move: { } move } next)
            when move.Source.ForDisplay()?.Fence is { } fence
                && EarlierReceipt(world, world.Homes[0].Others.FirstOrDefault()?.Name) is { } earlier =>
            seen with
            {
                Next = next with
                {
                    Move = move with
                    {
                        Receipt = Fact.Seen<ReceiptFacts?>(new ReceiptFacts(move.Scope, fence, DigestOf(earlier))),
                    },
                },
            },
        _ => seen,
    };

    /// <summary>What a bug does besides.</summary>
    public static void Did(Bug bug, Home home, Act act, Action<Func<StoreRecord, StoreRecord>> edit)
    {
        if ((bug, act) is (Bug.OldKeyIsLetGoBeforeItsBucket, MigrationAct.ServeTarget { IsNext: true })
            && home.Others.Any())
        {
            edit(record => record with { AlsoPinned = [], Other = null });
        }
    }

    public static bool IsReceipt(string key) => key.EndsWith("/receipt.json", StringComparison.Ordinal);

    /// <summary>Of the move that the store came to its bucket by, as if it stood in the next one; null where there was
    /// none.</summary>
    public static Mark? EarlierReceipt(World world, string? next) =>
        next is not null && world.Homes[0] is { Target: { } own } home && home.Others.Any(one => one.Name == next)
            && own.Of(".byok/receipt.json") is [.., { IsMarker: false, Content: { } content } entry]
            ? new Mark(content, entry.ETag) : null;

    /// <summary>As whoever reads it makes it.</summary>
    private static string DigestOf(Mark mark) => Convert.ToHexStringLower(SHA256.HashData(mark.Content.Span));
}
