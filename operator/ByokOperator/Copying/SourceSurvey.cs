using Cloud.Objects;

namespace ByokOperator.Copying;

/// <summary>Looks through the whole listing, every shard's part of it, for what its entries already say can't be copied. Reads no object.</summary>
internal sealed class SourceSurvey(IObjectData data, CopyOptions options, TimeProvider time)
{
    /// <summary>Some ten million entries. What a listing says after that is told when its turn comes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <param name="met">What is known already; null before anything was copied.</param>
    /// <returns>Null where nothing is known against any.</returns>
    public async Task<CopyRefusal?> RunAsync(RefusedObject? met, CancellationToken cancellation)
    {
        List<RefusedObject> named = met is null ? [] : [met];
        long count = named.Count;
        var began = time.GetTimestamp();
        await foreach (var version in data.ListVersionsAsync(options.Source, options.Prefix, afterKey: null, cancellation))
        {
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
                break;
            }
        }

        return count == 0 ? null : new CopyRefusal { Attempt = options.Attempt, At = time.GetUtcNow(), Count = count, Objects = named };
    }
}
