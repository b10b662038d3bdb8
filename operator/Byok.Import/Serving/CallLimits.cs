using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Byok.Import.Serving;

/// <summary>
/// How often who may call. Before the API key is looked up: one that was found good lately draws from a bucket of its
/// own; everything else draws from the bucket of its address, and a key that nobody knows from that of all guesses too.
/// After it: each tenant has a bucket. So a flood runs dry where it comes from, and costs nobody else a call.
/// </summary>
internal sealed class CallLimits : IDisposable
{
    /// <summary>
    /// Of guesses from one address that look alike, at once and then per second: one program that starts with a flood
    /// leaves room for others behind the same address. Ids are random: 256 looks tell one from nearly every other.
    /// </summary>
    private const int LookalikeCalls = 5;

    /// <summary>A household or an office has a /64 of its own; single addresses in it cost nothing.</summary>
    private const int NetworkBytes = 8;

    private const string Open = "";

    private readonly ServingOptions options;
    private readonly VerifiedKeys verified;
    private readonly PartitionedRateLimiter<HttpContext> unverified;
    private readonly PartitionedRateLimiter<HttpContext> places;
    private readonly PartitionedRateLimiter<HttpContext> tenants;
    private readonly List<IDisposable> parts = [];

    public CallLimits(ServingOptions options, VerifiedKeys verified)
    {
        (this.options, this.verified) = (options, verified);
        unverified = PartitionedRateLimiter.CreateChained(Part(ByLook), Part(BySource), Part(OfAllGuesses));
        places = Part(Places);
        tenants = Part(ByTenant);
        parts.Add(unverified);
    }

    /// <summary>Before the API key is looked up.</summary>
    public RateLimiterOptions BeforeAuthentication => Refusing(unverified);

    /// <summary>Calls in hand.</summary>
    public RateLimiterOptions Concurrency => Refusing(places);

    /// <summary>After the API key was found good.</summary>
    public RateLimiterOptions PerTenant => Refusing(tenants);

    public void Dispose() => parts.ForEach(part => part.Dispose());

    private RateLimitPartition<string> BySource(HttpContext call)
    {
        var name = ShownTo(call) is { } shown && verified.FingerprintOf(shown) is var fingerprint
            && verified.Contains(fingerprint) ? fingerprint : null;
        return name is not null
            ? Bucket($"key {name}", options.TenantBurst, options.TenantPerSecond)
            : Bucket($"address {NetworkOf(call)}", options.AddressPerSecond * 2, options.AddressPerSecond);
    }

    private RateLimitPartition<string> ByLook(HttpContext call) =>
        GuessOf(call) is { } guess ? Bucket($"{NetworkOf(call)} {guess.Id[..2]}", LookalikeCalls, LookalikeCalls)
            : RateLimitPartition.GetNoLimiter(Open);

    private RateLimitPartition<string> OfAllGuesses(HttpContext call) =>
        GuessOf(call) is not null ? Bucket("guesses", options.GuessesPerSecond * 2, options.GuessesPerSecond)
            : RateLimitPartition.GetNoLimiter(Open);

    private RateLimitPartition<string> ByTenant(HttpContext call) =>
        AuditRecord.Of(call).Caller is { } caller
            ? Bucket(caller.Key.Namespace, options.TenantBurst, options.TenantPerSecond)
            : RateLimitPartition.GetNoLimiter(Open);

    private RateLimitPartition<string> Places(HttpContext call) =>
        !WantsKey(call) ? RateLimitPartition.GetNoLimiter(Open)
            : RateLimitPartition.GetConcurrencyLimiter("all", _ => new ConcurrencyLimiterOptions
            {
                PermitLimit = options.MostAtOnce, QueueLimit = options.MostAtOnce * 4,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            });

    private ApiKey? GuessOf(HttpContext call) =>
        ShownTo(call) is { } shown && !verified.Contains(verified.FingerprintOf(shown)) ? shown : null;

    private static ApiKey? ShownTo(HttpContext call) =>
        WantsKey(call) ? ApiKey.FromHeader(call.Request.Headers.Authorization.ToString()) : null;

    private static bool WantsKey(HttpContext call) =>
        call.GetEndpoint()?.Metadata.GetMetadata<AuthorizationPolicy>() is not null;

    private static string NetworkOf(HttpContext call) => call.Connection.RemoteIpAddress switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } six =>
            Convert.ToHexString(six.GetAddressBytes().AsSpan(0, NetworkBytes)),
        { } four => four.ToString(),
    };

    private PartitionedRateLimiter<HttpContext> Part(Func<HttpContext, RateLimitPartition<string>> partition)
    {
        var part = PartitionedRateLimiter.Create(partition, StringComparer.Ordinal);
        parts.Add(part);
        return part;
    }

    private static RateLimiterOptions Refusing(PartitionedRateLimiter<HttpContext> limiter) => new()
    {
        GlobalLimiter = limiter,
        OnRejected = (rejected, _) =>
            new ValueTask(
                ProblemWriter.RefuseAsync(rejected.HttpContext,
                    rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait)
                        ? ImportProblem.RateLimited with { RetryAfter = wait }
                        : ImportProblem.RateLimited)),
    };

    private static RateLimitPartition<string> Bucket(string name, int burst, int perSecond) =>
        RateLimitPartition.GetTokenBucketLimiter(name, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        });
}
