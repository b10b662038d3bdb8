using System.Collections.Concurrent;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using Cloud;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>
/// When a key that the tenant keeps ends by itself: imported material in its own KMS, a vault's version with an expiry.
/// Nothing but a warning depends on it, so each key is asked about once an hour, and only once it was proved.
/// </summary>
internal sealed class KeyEnds(OperatorContext around)
{
    private static readonly TimeSpan holds = TimeSpan.FromHours(1);

    /// <summary>More keys than one installation has; whoever makes new ones
    /// all day long leaves no more behind than that.</summary>
    private const int MostKnown = 20_000;

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, Fact<DateTimeOffset?> End)> known =
        new(StringComparer.Ordinal);

    public async Task<KeyWorld> LookAsync(TenantEncryptionKey key, KeyWorld world, Glance glance) =>
        key.Spec.Imported is not null || world.IsRevokedByTenant
            ? world
            : world with
            {
                Regions = await Task.WhenAll(world.Regions.Select(region => LookAsync(key, region, glance))),
            };

    private async Task<KeyRegion> LookAsync(TenantEncryptionKey key, KeyRegion region, Glance glance)
    {
        if (region.Answer.ForDisplay() is not { Verdict: KeyVerdict.Usable } answer
            || region.KeyId.ForDisplay() is not { } id)
        {
            return region;
        }

        var reference = KeyRefs.Of(key, region.Region, id);
        var current = reference.Cloud == CloudKind.Azure && answer.Version is { } version
            ? reference with { Id = $"{reference.Identity}/{version}" } : reference;
        var now = around.Time.GetUtcNow();
        if (known.TryGetValue(current.Id, out var last) && now - last.At < holds)
        {
            return region with { EndsAt = last.End };
        }

        var end = await glance.OfAsync(async cancellation =>
            (await around.Cloud.Keys.DescribeAsync(current, cancellation)).ValidTo);
        if (known.Count >= MostKnown)
        {
            known.Clear();
        }

        known[current.Id] = (now, end);
        return region with { EndsAt = end };
    }
}
