using System.Collections.Concurrent;
using System.Collections.Frozen;
using Cloud.Calling;

namespace Cloud.Aws.Calling;

/// <summary>
/// One gate per (account, region, API): the account is the one this process calls as, which is where AWS counts, also
/// for calls on a tenant's key. S3 counts by store and prefix; we count by store, which is never more.
/// </summary>
internal sealed class AwsLimiters(IReadOnlyDictionary<string, double> rates, TimeProvider time)
{
    /// <summary>S3 tells of 5,500 reads and 3,500 writes per second and prefix.</summary>
    private const double StoreReads = 5500;
    private const double StoreWrites = 3500;

    /// <summary>Symmetric operations share one quota, the smallest region's 5,500,
    /// with S3's own calls for our requests.</summary>
    private const double SharedCrypto = 5500;

    /// <summary>STS publishes none per action that we come near;
    /// this keeps a loop of ours from becoming a flood.</summary>
    private const double Otherwise = 100;

    private const string Crypto = "kms:symmetric";

    private static readonly FrozenDictionary<string, double> Published = new Dictionary<string, double>
    {
        ["kms:GetParametersForImport"] = 0.25,
        ["kms:ImportKeyMaterial"] = 5,
        ["kms:DeleteImportedKeyMaterial"] = 5,
        ["kms:CreateKey"] = 5,
        ["kms:CreateAlias"] = 5,
        ["kms:EnableKey"] = 5,
        ["kms:DisableKey"] = 5,
        ["kms:CreateGrant"] = 50,
        ["kms:RevokeGrant"] = 30,
        ["kms:RetireGrant"] = 30,
        ["kms:RotateKeyOnDemand"] = 5,
        ["kms:ListGrants"] = 100,
        ["kms:ListKeys"] = 500,
        ["kms:ListAliases"] = 500,
        ["kms:ListResourceTags"] = 2000,
        ["kms:PutKeyPolicy"] = 15,
        ["kms:ScheduleKeyDeletion"] = 15,
        ["kms:TagResource"] = 10,
        ["kms:DescribeKey"] = 2000,
        [Crypto] = SharedCrypto,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<(string Region, string Scope, string Api), RateLimiter> gates = new();

    public RateLimiter For(AwsRequest request)
    {
        var api = Api(request.Operation);
        var key = (request.Region, request.Scope, api);
        return gates.TryGetValue(key, out var gate)
            ? gate
            : gates.GetOrAdd(key, new RateLimiter(Rate(api, request.Operation), time));
    }

    private static string Api(string operation) => operation switch
    {
        "kms:Decrypt" or "kms:Encrypt" or "kms:GenerateDataKey" or "kms:GenerateDataKeyWithoutPlaintext"
            or "kms:ReEncrypt" => Crypto,
        _ when !operation.StartsWith("s3:", StringComparison.Ordinal) => operation,
        _ when IsRead(operation) => "s3:reads",
        _ => "s3:writes",
    };

    private static bool IsRead(string operation) =>
        operation.StartsWith("s3:Get", StringComparison.Ordinal)
        || operation.StartsWith("s3:List", StringComparison.Ordinal)
        || operation.StartsWith("s3:Head", StringComparison.Ordinal);

    private double Rate(string api, string operation) => api switch
    {
        _ when rates.TryGetValue(operation, out var asked) => asked,
        _ when rates.TryGetValue(api, out var asked) => asked,
        "s3:reads" => StoreReads,
        "s3:writes" => StoreWrites,
        _ => Published.GetValueOrDefault(api, Otherwise),
    };
}
