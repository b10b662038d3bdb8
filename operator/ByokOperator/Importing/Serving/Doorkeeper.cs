using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.RateLimiting;

namespace ByokOperator.Importing.Serving;

/// <summary>
/// How often who may call. A flood of made-up API keys runs dry by itself: they share one small bucket, which a key that was
/// found good lately does not draw from, and of which one id alone gets little. A tenant that calls too often meets its own
/// bucket and nobody else's.
/// </summary>
internal sealed class Doorkeeper : IDisposable
{
    /// <summary>Far more API keys than integrations that call on one day; beyond it a newcomer counts as a stranger, which costs it nothing in peace.</summary>
    private const int MostFamiliar = 4096;

    /// <summary>Of strangers that look alike, at once and then per second. Ids are random: 256 looks tell one from nearly every other.</summary>
    private const int LookalikeCalls = 5;

    private readonly ConcurrentDictionary<string, bool> familiar = [];
    private readonly byte[] salt = RandomNumberGenerator.GetBytes(ApiKey.SaltBytes);
    private readonly TokenBucketRateLimiter strangers;
    private readonly PartitionedRateLimiter<int> lookalikes;
    private readonly PartitionedRateLimiter<string> keys;
    private readonly PartitionedRateLimiter<string> tenants;
    private readonly ConcurrencyLimiter house;

    public Doorkeeper(ServingOptions options)
    {
        strangers = new TokenBucketRateLimiter(Bucket(options.StrangersPerSecond * 2, options.StrangersPerSecond));
        lookalikes = PartitionedRateLimiter.Create<int, int>(looks => RateLimitPartition.GetTokenBucketLimiter(looks, _ => Bucket(LookalikeCalls, LookalikeCalls)));
        keys = PerName(options);
        tenants = PerName(options);
        house = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = options.MostAtOnce, QueueLimit = options.MostAtOnce * 4, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    }

    /// <summary>Before the API key is looked up. Null: come in.</summary>
    public ImportProblem? AtTheDoor(ApiKey shown) =>
        Face(shown) is var face && familiar.ContainsKey(face)
            ? Ask(keys, face)
            : Ask(lookalikes.AttemptAcquire(LooksOf(shown))) ?? Ask(strangers.AttemptAcquire());

    /// <summary>After it was found good.</summary>
    public ImportProblem? Inside(ApiKey shown, ApiKeyRecord record)
    {
        if (familiar.Count < MostFamiliar)
        {
            familiar.TryAdd(Face(shown), true);
        }

        return Ask(tenants, record.Key.Namespace);
    }

    public void Forget(ApiKey shown) => familiar.TryRemove(Face(shown), out _);

    /// <summary>Dispose of it when the call is done. Not acquired: too many wait already.</summary>
    public ValueTask<RateLimitLease> SeatAsync(CancellationToken cancellation) => house.AcquireAsync(1, cancellation);

    public void Dispose()
    {
        strangers.Dispose();
        lookalikes.Dispose();
        keys.Dispose();
        tenants.Dispose();
        house.Dispose();
    }

    /// <summary>Of id and secret both: whoever knows an id alone is a stranger, and draws nothing from its holder's bucket.</summary>
    private string Face(ApiKey shown) => $"{shown.Id}.{Convert.ToHexString(shown.HashWith(salt))}";

    private static int LooksOf(ApiKey shown) => Convert.FromHexString(shown.Id)[0];

    private static ImportProblem? Ask(PartitionedRateLimiter<string> limiter, string name) => Ask(limiter.AttemptAcquire(name));

    private static ImportProblem? Ask(RateLimitLease lease)
    {
        using (lease)
        {
            return lease.IsAcquired ? null
                : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? ImportProblem.RateLimited with { RetryAfter = wait }
                : ImportProblem.RateLimited;
        }
    }

    private static PartitionedRateLimiter<string> PerName(ServingOptions options) =>
        PartitionedRateLimiter.Create<string, string>(name => RateLimitPartition.GetTokenBucketLimiter(name, _ => Bucket(options.TenantBurst, options.TenantPerSecond)), StringComparer.Ordinal);

    private static TokenBucketRateLimiterOptions Bucket(int burst, int perSecond) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
        AutoReplenishment = true,
    };
}
