using System.Collections.Concurrent;
using System.Collections.Frozen;
using Cloud.Calling;

namespace Cloud.Azure.Calling;

/// <summary>
/// One gate per (subscription, vault or account; API). Azure counts a vault's calls by vault and region, Resource
/// Manager's by subscription, Blob's by account: an address names each of them.
/// </summary>
internal sealed class AzureLimiters(IReadOnlyDictionary<string, double> rates, TimeProvider time)
{
    /// <summary>Resource Manager refills about 25 reads and 10 writes a second for a subscription.</summary>
    private const double ManagerReads = 25;
    private const double ManagerWrites = 10;

    /// <summary>20,000 requests a second for an account, shared with the tenant's own.</summary>
    private const double StoreReads = 10_000;
    private const double StoreWrites = 5_000;

    /// <summary>The slowest key a vault may hold, RSA 4096 in hardware, is used 250 times in 10 seconds.</summary>
    private const double VaultCrypto = 25;

    /// <summary>GET of keys has the quota of software RSA 2048: 4,000 in 10 seconds.</summary>
    private const double VaultReads = 400;

    /// <summary>Making keys: 10 in 10 seconds for hardware.</summary>
    private const double VaultMaking = 1;

    private const double Otherwise = 50;

    private static readonly FrozenDictionary<string, double> Published = new Dictionary<string, double>
    {
        ["vault:CreateKey"] = VaultMaking,
        ["vault:ImportKey"] = VaultMaking,
        ["vault:RotateKey"] = VaultMaking,
        ["vault:crypto"] = VaultCrypto,
        ["vault:reads"] = VaultReads,
        ["arm:reads"] = ManagerReads,
        ["arm:writes"] = ManagerWrites,
        ["blob:reads"] = StoreReads,
        ["blob:writes"] = StoreWrites,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<(string Bucket, string Api), RateLimiter> gates = new();

    public RateLimiter For(CallTerms call, Uri address, bool changes)
    {
        var key = (call.Bucket ?? BucketOf(call, address), ApiOf(call, changes));
        return gates.TryGetValue(key, out var gate) ? gate
            : gates.GetOrAdd(key, new RateLimiter(Rate(key.Item2, call.Operation), time));
    }

    private static string BucketOf(CallTerms call, Uri address) =>
        call.Audience == AzureAudience.ResourceManager
            && address.Segments is [_, "subscriptions/", { } subscription, ..]
            ? subscription.TrimEnd('/')
            : address.Host;

    private static string ApiOf(CallTerms call, bool changes) => (call.Audience, changes) switch
    {
        _
            when call.Operation is "vault:WrapKey" or "vault:UnwrapKey" or "vault:Encrypt" or "vault:Decrypt" =>
                "vault:crypto",
        _ when Published.ContainsKey(call.Operation) => call.Operation,
        (AzureAudience.ResourceManager, true) => "arm:writes",
        (AzureAudience.ResourceManager, false) => "arm:reads",
        (AzureAudience.Vault, false) => "vault:reads",
        (AzureAudience.Storage or AzureAudience.None, true) => "blob:writes",
        (AzureAudience.Storage or AzureAudience.None, false) => "blob:reads",
        _ => call.Operation,
    };

    private double Rate(string api, string operation) =>
        rates.TryGetValue(operation, out var asked) || rates.TryGetValue(api, out asked) ? asked
            : Published.GetValueOrDefault(api, Otherwise);
}
