using Amazon.KeyManagementService.Model;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>What a grant of ours is. Pure. It never lets its holder make further grants.</summary>
internal static class GrantRequests
{
    /// <summary>The operations of S3 under SSE-KMS and the probe, and no others.</summary>
    public static readonly IReadOnlyList<string> Operations =
        ["Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"];

    public static CreateGrantRequest Create(KeyRef key, GrantSpec grant, string retiring) => new()
    {
        KeyId = key.Id,
        Name = grant.Name,
        GranteePrincipal = grant.GranteePrincipal,
        RetiringPrincipal = retiring,
        Operations = [.. Operations],
    };

    public static bool IsAsSpecified(GrantListEntry standing, GrantSpec grant, string retiring) =>
        standing.Name == grant.Name
        && standing.GranteePrincipal == grant.GranteePrincipal
        && standing.RetiringPrincipal == retiring
        && Operations.Order(StringComparer.Ordinal)
            .SequenceEqual((standing.Operations ?? []).Order(StringComparer.Ordinal))
        && standing.Constraints is null
            or { EncryptionContextSubset: null or { Count: 0 }, EncryptionContextEquals: null or { Count: 0 } };
}
