using Cloud;
using Cloud.Objects;

namespace Byok.Copying;

/// <summary>Orders one copy. A source that changed meanwhile is told apart from whatever else the cloud
/// refuses.</summary>
internal sealed class CopyCall(IObjectData data, CopyOptions options)
{
    /// <param name="version">Of the source.</param>
    /// <param name="redirectTo">Of a website: no copy carries it, so it is named anew.</param>
    /// <param name="sourceLook">Under way; it has ended when this throws.</param>
    /// <param name="cancellation">As everywhere.</param>
    /// <exception cref="SourceChangedException">The version is gone, or another one by now.</exception>
    public async Task<CopyResult> OrderAsync(
        ObjectVersion version, string? redirectTo, Task<ObjectFacts?> sourceLook, CancellationToken cancellation)
    {
        try
        {
            return await data.CopyAsync(
                new CopyOrder(options.Source, version, options.To, version.Key, options.Key,
                    options.BucketKey) { RedirectTo = redirectTo }, cancellation);
        }
        catch (CloudException refusal) when (refusal.Problem is CloudProblem.Conflict or CloudProblem.NotFound)
        {
            await Settle(sourceLook);

            // "Not found" may speak of the key or the target; only the source itself can say that it changed.
            var facts = await data.HeadAsync(options.Source, version.Key, version.VersionId, cancellation);
            if (facts is null || facts.ETag != version.ETag)
            {
                throw new SourceChangedException(version.Key);
            }

            throw;
        }
        catch
        {
            await Settle(sourceLook);
            throw;
        }
    }

    /// <summary>The copy failed, so whatever the look said matters no more;
    /// but it must not go on behind our back.</summary>
    private static async Task Settle(Task look)
    {
        await Task.WhenAny(look);
        _ = look.Exception;
    }
}

/// <summary>The version was overwritten or deleted between its listing and its copy.</summary>
internal sealed class SourceChangedException(string key) : Exception($"the source changed while '{key}' was copied");
