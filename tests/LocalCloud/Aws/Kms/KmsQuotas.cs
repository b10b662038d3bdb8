using System.Collections.Concurrent;
using System.Collections.Frozen;
using LocalCloud.Faults;

namespace LocalCloud.Aws.Kms;

/// <summary>Request quotas by account and region, where a test asks for them: a second's worth at once,
/// the rest is ThrottlingException.</summary>
internal sealed class KmsQuotas(CloudSwitches switches, TimeProvider clock)
{
    private static readonly FrozenDictionary<string, double> PerSecond = new Dictionary<string, double>
    {
        ["GetParametersForImport"] = 0.25,
        ["ImportKeyMaterial"] = 5,
        ["DeleteImportedKeyMaterial"] = 5,
        ["CreateKey"] = 5,
        ["CreateAlias"] = 5,
        ["UpdateAlias"] = 5,
        ["EnableKey"] = 5,
        ["DisableKey"] = 5,
        ["CancelKeyDeletion"] = 5,
        ["TagResource"] = 10,
        ["UntagResource"] = 5,
        ["DeleteAlias"] = 15,
        ["PutKeyPolicy"] = 15,
        ["ScheduleKeyDeletion"] = 15,
        ["RevokeGrant"] = 30,
        ["RetireGrant"] = 30,
        ["CreateGrant"] = 50,
        ["ListGrants"] = 100,
        ["ListKeys"] = 500,
        ["ListAliases"] = 500,
        ["GetKeyRotationStatus"] = 1000,
        ["ListResourceTags"] = 2000,
        ["DescribeKey"] = 2000,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<(string Account, string Region, string Operation), DateTimeOffset> next =
        new();

    public void Demand(string account, string region, string operation)
    {
        if (!switches.KmsQuotas || !PerSecond.TryGetValue(operation, out var rate))
        {
            return;
        }

        var now = clock.GetUtcNow();
        var interval = TimeSpan.FromSeconds(1 / rate);
        var burst = TimeSpan.FromSeconds(Math.Max(0, 1 - (1 / rate)));
        var key = (account, region, operation);
        while (true)
        {
            var due = next.GetOrAdd(key, DateTimeOffset.MinValue);
            if (due > now + burst)
            {
                throw FaultAnswers.Throttled("kms");
            }

            if (next.TryUpdate(key, (due > now ? due : now) + interval, due))
            {
                return;
            }
        }
    }
}
