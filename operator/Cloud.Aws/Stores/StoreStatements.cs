using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Cloud.Objects;

namespace Cloud.Aws.Stores;

/// <summary>The statements of ours in bucket policies. Pure. Each has a Sid by which it is found again,
/// and none allows anything.</summary>
internal static class StoreStatements
{
    public const string ClosedSid = "ByokClosed";
    private const string KeptKeySid = "ByokKeptKey";
    private const string MarksSid = "ByokMarks";
    private const string FencePrefix = "ByokFence";
    private const int OwnerHashLength = 16;
    private const string EncryptionHeader = "s3:x-amz-server-side-encryption";
    private const string KeyHeader = "s3:x-amz-server-side-encryption-aws-kms-key-id";
    private const string CustomerKeyHeader = "s3:x-amz-server-side-encryption-customer-algorithm";

    /// <summary>
    /// Data and listings; nothing of the control plane. So the statement can shut nobody out of taking it away again,
    /// not even when the operator's role is renamed.
    /// </summary>
    private static readonly string[] ClosedActions =
    [
        "s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*", "s3:ListBucket*", "s3:ListMultipartUploadParts",
        "s3:AbortMultipartUpload", "s3:RestoreObject", "s3:Replicate*",
    ];

    private static readonly string[] WriteActions =
        ["s3:PutObject*", "s3:DeleteObject*", "s3:RestoreObject", "s3:Replicate*"];

    private static readonly string[] StandingSids =
        ["ByokTlsOnly", "ByokOnlyKms", "ByokOnlyThisKey", "ByokKeyNamed", "ByokNoCustomerKey", KeptKeySid, MarksSid];

    /// <summary>What stands for as long as the store does. The encryption statements judge only what a request says of
    /// itself: one that says nothing gets the store's default, which is the tenant's key.</summary>
    /// <param name="keyArns">What a write may name: the store's key, and while it changes keys the other one.</param>
    /// <param name="exempt">Who keeps marks, and changes keys: the operator's role,
    /// which the copy workers have too.</param>
    public static IReadOnlyList<JsonObject> Standing(
        AwsPartition partition, string bucket, IReadOnlyList<string> keyArns, bool tlsOnly,
        IReadOnlyList<string> exempt)
    {
        var objects = $"{Arn(partition, bucket)}/*";
        var list = new List<JsonObject>
        {
            Deny("ByokOnlyKms", ["s3:PutObject"], [objects], new JsonObject
            {
                ["Null"] = new JsonObject { [EncryptionHeader] = "false" },
                ["StringNotEquals"] = new JsonObject { [EncryptionHeader] = "aws:kms" },
            }),
            Deny("ByokOnlyThisKey", ["s3:PutObject"], [objects], new JsonObject
            {
                ["Null"] = new JsonObject { [KeyHeader] = "false" },
                ["StringNotEquals"] = new JsonObject { [KeyHeader] = OneOrMany(keyArns) },
            }),

            // SSE-KMS without a key named would be the account's own aws/s3 key.
            Deny("ByokKeyNamed", ["s3:PutObject"], [objects], new JsonObject
            {
                ["Null"] = new JsonObject { [EncryptionHeader] = "false", [KeyHeader] = "true" },
            }),
            Deny("ByokNoCustomerKey", ["s3:PutObject"], [objects], new JsonObject
            {
                ["Null"] = new JsonObject { [CustomerKeyHeader] = "false" },
            }),

            // A write can't name another key, and what stands there can't be put under one either:
            // it would outlive the tenant's key.
            Deny(KeptKeySid, ["s3:UpdateObjectEncryption"], [objects], EveryoneBut(exempt)),

            // Pin, receipt and the marks of the switch decide what is opened and what is deleted:
            // not a workload's to write.
            Deny(MarksSid, WriteActions, [$"{Arn(partition, bucket)}/{Mark.Root}*"], EveryoneBut(exempt)),
        };
        if (tlsOnly)
        {
            list.Add(Deny("ByokTlsOnly", ["s3:*"], [Arn(partition, bucket), objects], new JsonObject
            {
                ["Bool"] = new JsonObject { ["aws:SecureTransport"] = "false" },
            }));
        }

        return list;
    }

    public static bool IsStanding(string sid) => StandingSids.Contains(sid, StringComparer.Ordinal);

    public static JsonObject Closed(AwsPartition partition, string bucket, IReadOnlyList<string> exempt) =>
        Deny(ClosedSid, ClosedActions, [Arn(partition, bucket), $"{Arn(partition, bucket)}/*"], EveryoneBut(exempt));

    public static JsonObject Fence(AwsPartition partition, SharedFence fence, IReadOnlyList<string> exempt) =>
        Deny(FenceSid(fence.Owner, fence.Token), WriteActions,
            [$"{Arn(partition, fence.Bucket)}/{Literal(fence.Prefix)}*"], EveryoneBut(exempt));

    public static bool IsFenceOf(string owner, string sid) =>
        sid.StartsWith(FencePrefix + OwnerHash(owner), StringComparison.Ordinal);

    public static string Token(string sid) => sid[(FencePrefix.Length + OwnerHashLength)..];

    public static bool NeedsVariables(string prefix) => prefix.AsSpan().IndexOfAny("*?$") >= 0;

    private static string FenceSid(string owner, string token) => FencePrefix + OwnerHash(owner) + token;

    private static string OwnerHash(string owner) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(owner)))[..OwnerHashLength];

    private static string Arn(AwsPartition partition, string bucket) => $"arn:{partition.Id}:s3:::{bucket}";

    /// <summary>A star in a tenant's prefix is a star, not every neighbour.</summary>
    private static string Literal(string prefix)
    {
        var text = new StringBuilder(prefix.Length);
        foreach (var letter in prefix)
        {
            _ = letter is '*' or '?' or '$' ? text.Append("${").Append(letter).Append('}') : text.Append(letter);
        }

        return text.ToString();
    }

    private static JsonObject EveryoneBut(IReadOnlyList<string> exempt) => new()
    {
        ["ArnNotLike"] = new JsonObject { ["aws:PrincipalArn"] = OneOrMany(exempt) },
    };

    private static JsonObject Deny(
        string sid, IReadOnlyList<string> actions, IReadOnlyList<string> resources, JsonObject condition) => new()
    {
        ["Sid"] = sid,
        ["Effect"] = "Deny",
        ["Principal"] = "*",
        ["Action"] = OneOrMany(actions),
        ["Resource"] = OneOrMany(resources),
        ["Condition"] = condition,
    };

    private static JsonNode OneOrMany(IReadOnlyList<string> texts) => texts.Count == 1
        ? JsonValue.Create(texts[0])
        : new JsonArray([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);
}
