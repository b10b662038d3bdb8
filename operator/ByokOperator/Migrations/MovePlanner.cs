using System.Globalization;
using Byok.Copying;
using ByokOperator.Api;
using Cloud;
using Cloud.Stores;

namespace ByokOperator.Migrations;

/// <summary>From a count to a plan. Pure.</summary>
internal static class MovePlanner
{
    public const string Counting = "Counting";
    public const string Complete = "Complete";

    /// <summary>Entries of a page of a listing, and versions of a bulk deletion.</summary>
    private const long Page = 1_000;

    /// <summary>Writes a second under one prefix, by S3's own word; an account of Azure's takes more.</summary>
    private const double WritesPerSecond = 3_500;

    /// <summary>Of symmetric keys in one account and region, the least that AWS gives any.</summary>
    private const double KmsPerSecond = 5_500;

    /// <summary>Of one worker, bytes that the cloud copies by itself.</summary>
    private const double BytesPerSecond = 200e6;

    /// <summary>Of one worker, bytes that it has to read to prove a copy.</summary>
    private const double ReadPerSecond = 80e6;

    private const string Decrypt = "kms:Decrypt";
    private const string DataKey = "kms:GenerateDataKey";

    public static MovePlan Of(EncryptedStore store, PlanFacts facts, SharedDescription? shared)
    {
        var isBucketKey = store.Spec.Aws?.BucketKey == "On";
        return Of(store, facts, isBucketKey ? (0, 0) : WritingUnderAKey(facts.Counts), OfPlace(shared));
    }

    /// <param name="store">Whose plan it is.</param>
    /// <param name="facts">What was counted.</param>
    /// <param name="kms">Requests of the keys of both places together, on AWS.</param>
    /// <param name="ofPlaces">What stands in the way whatever was counted.</param>
    public static MovePlan Of(
        EncryptedStore store, PlanFacts facts, (long DataKeys, long Decrypts) kms, IEnumerable<PlanObstacle> ofPlaces)
    {
        var tally = facts.Counts;
        var requests = (StorePlace.Of(store.Spec).Cloud == StorePlace.Azure ? OfAzure(store, tally)
            : OfAws(store, tally, kms)).Where(one => one.Count > 0).ToList();
        var (duration, bound) = DurationOf(store, tally, requests);
        return new MovePlan
        {
            State = facts.CountedAt is null ? Counting : Complete,
            CountedAt = facts.CountedAt is { } at
                ? new DateTimeOffset(at.Ticks - (at.Ticks % TimeSpan.TicksPerSecond), at.Offset) : null,
            Objects = tally.Objects,
            Versions = tally.Versions,
            DeleteMarkers = tally.DeleteMarkers,
            Bytes = tally.Bytes,
            LargestBytes = tally.LargestBytes,
            Requests = requests,
            EstimatedDuration = Words(duration),
            BoundBy = bound,
            Obstacles = [.. ofPlaces,
                .. tally.Obstacles.Select(one =>
                    new PlanObstacle { Reason = one.Key, Count = one.Value.Count, Message = Told(one.Value, tally) })],
        };
    }

    /// <summary>A data key for each copy; each part, and what puts them together, asks for it once more.</summary>
    public static (long DataKeys, long Decrypts) WritingUnderAKey(MoveCounts copies) =>
        (copies.WholeCopies + copies.PartCopies, copies.Parts + copies.PartCopies);

    private static IEnumerable<PlannedRequests> OfAws(
        EncryptedStore store, MoveCounts tally, (long DataKeys, long Decrypts) kms)
    {
        var (shards, isChecked) = (store.Spec.Migration.Parallelism, store.Spec.Migration.Verification != "Metadata");
        var pages = Pages(tally.Listed);
        var ownReads = isChecked ? tally.Read : 0;
        yield return new() { Action = "s3:ListObjectVersions", Count = (pages * (2L * shards)) + pages };
        yield return new() { Action = "s3:CopyObject", Count = tally.WholeCopies };
        yield return new() { Action = "s3:CreateMultipartUpload", Count = tally.PartCopies };
        yield return new() { Action = "s3:UploadPartCopy", Count = tally.Parts };
        yield return new() { Action = "s3:CompleteMultipartUpload", Count = tally.PartCopies };
        yield return new() { Action = "s3:HeadObject", Count = isChecked ? tally.Versions : 0 };
        yield return new() { Action = "s3:GetObject", Count = ownReads };
        yield return new() { Action = "s3:DeleteObject", Count = tally.DeleteMarkers };
        yield return new() { Action = "s3:DeleteObjects", Count = pages };
        yield return new() { Action = DataKey, Count = kms.DataKeys };
        yield return new() { Action = Decrypt, Count = kms.Decrypts };
    }

    private static IEnumerable<PlannedRequests> OfAzure(EncryptedStore store, MoveCounts tally)
    {
        var pages = Pages(tally.Listed);
        yield return new()
        {
            Action = "blob:ListBlobs",
            Count = (pages * (2L * store.Spec.Migration.Parallelism)) + pages,
        };
        yield return new() { Action = "blob:PutBlobFromUrl", Count = tally.WholeCopies };
        yield return new() { Action = "blob:PutBlockFromUrl", Count = tally.Parts };
        yield return new() { Action = "blob:PutBlockList", Count = tally.PartCopies };
        yield return new() { Action = "blob:GetBlobProperties", Count = store.Spec.Migration.Verification != "Metadata"
            ? tally.Versions : 0 };
        // the fence: taken, and given back by deleting
        yield return new() { Action = "blob:LeaseBlob", Count = 2 * tally.Objects };
        yield return new() { Action = "blob:DeleteBlob", Count = tally.Versions };
    }

    private static (TimeSpan Takes, string Bound) DurationOf(
        EncryptedStore store, MoveCounts tally, IReadOnlyList<PlannedRequests> requests)
    {
        var workers = Math.Max(store.Spec.Migration.Parallelism, 1);
        var kms = requests.Where(one => one.Action.StartsWith("kms:", StringComparison.Ordinal)).Sum(one => one.Count);
        var writes = tally.WholeCopies + tally.Parts + (2 * tally.PartCopies) + tally.DeleteMarkers;
        var isRead = store.Spec.Migration.Verification != "Metadata" && tally.Versions > 0;
        var read = isRead ? tally.Bytes * ((double)tally.Read / tally.Versions) : 0;
        (double Seconds, string Bound)[] bounds =
        [
            (writes / WritesPerSecond, $"writes: {WritesPerSecond:F0} a second"),
            (kms / KmsPerSecond, $"the key: {KmsPerSecond:F0} requests a second"),
            (tally.Bytes / (BytesPerSecond * workers),
                $"bytes: {BytesPerSecond / 1e6:F0} MB a second for each of {workers} workers"),
            (read / (ReadPerSecond * workers),
                $"bytes to be read, which keep no checksum: {ReadPerSecond / 1e6:F0} MB a second for each of "
                    + $"{workers} workers"),
        ];
        var (seconds, bound) = bounds.MaxBy(one => one.Seconds);
        return (TimeSpan.FromSeconds(Math.Clamp(seconds, 60, TimeSpan.FromDays(3650).TotalSeconds)), bound);
    }

    /// <param name="shared">Where it is moved from; null where that was not seen.</param>
    public static IEnumerable<PlanObstacle> OfPlace(SharedDescription? shared)
    {
        if (shared?.Unfit is { } unfit)
        {
            yield return new() { Reason = unfit.Code, Count = 1, Message = unfit.Message };
        }

        if (shared?.FenceObstacle is { } fence)
        {
            yield return new() { Reason = fence.Code, Count = 1, Message = fence.Message };
        }

        if (shared?.KeepsDeletedDays is { } days)
        {
            yield return new() { Reason = "KeptDeleted", Count = 1, Message = MigrationLadder.KeptDeleted(days) };
        }

        if (shared is { UnfinishedUploads: > 0 and var uploads })
        {
            yield return new()
            {
                Reason = "UnfinishedUploads",
                Count = uploads,
                Message = "uploads that nobody finished are not moved: finish them, or abort them",
            };
        }
    }

    private static string Told(MoveCounts.Obstacle obstacle, MoveCounts counts) =>
        $"{string.Join(", ", obstacle.Named)}{(obstacle.Count > obstacle.Named.Count ? ", ..." : "")}: {obstacle.Fix}"
            + (!obstacle.IsSampled ? ""
                : $" (found among {counts.LookedAt} of {counts.Versions} versions, which were looked at one by one)");

    private static long Pages(long entries) => Math.Max((entries + Page - 1) / Page, 1);

    private static string Words(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{(time >= TimeSpan.FromHours(1) ? $"{(int)time.TotalHours}h" : "")}{time.Minutes}m");
}
