using Cloud.Objects;

namespace Byok.Copying;

/// <summary>Looks through the whole listing, every shard's part of it,
/// for what its entries already say can't be copied. Reads no object.</summary>
internal sealed class SourceSurvey(IObjectData data, CopyOptions options, TimeProvider time)
{
    /// <summary>Some ten million entries. What a listing says after that is told when its turn comes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <param name="met">What is known already; null before anything was copied.</param>
    /// <returns>The refusal is null where nothing is known against any.</returns>
    public async Task<(SurveyResult Seen, CopyRefusal? Refusal)> RunAsync(
        RefusedObject? met, CancellationToken cancellation)
    {
        List<RefusedObject> named = met is null ? [] : [met];
        long count = named.Count;
        var began = time.GetTimestamp();
        var recent = time.GetUtcNow() - SurveyResult.RecentPeriod;
        var seen = new SurveyResult { IsWhole = true };
        await foreach (var version
            in TenantListing.OfAsync(data, options.Source, options.Prefix, afterKey: null, cancellation))
        {
            seen = Counted(seen, version, version.LastModified >= recent);
            if (version.Obstacle is { } obstacle && !(version.Key == met?.Key && version.VersionId == met.Version))
            {
                count++;
                if (named.Count < CopyRefusal.MostNamed)
                {
                    named.Add(new ObjectRefusedException(version, obstacle).Refused);
                }
            }

            if (time.GetElapsedTime(began) > Longest)
            {
                seen = seen with { IsWhole = false };
                break;
            }
        }

        return (seen, count == 0 ? null
            : new CopyRefusal { Attempt = options.Attempt, At = time.GetUtcNow(), Count = count, Objects = named });
    }

    private static SurveyResult Counted(SurveyResult seen, ObjectVersion version, bool isRecent) => seen with
    {
        Objects = seen.Objects + 1,
        Bytes = seen.Bytes + version.Size,
        RecentObjects = seen.RecentObjects + (isRecent ? 1 : 0),
        RecentBytes = seen.RecentBytes + (isRecent ? version.Size : 0),
    };
}
