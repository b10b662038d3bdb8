using System.Text.Json.Nodes;

namespace Cloud.Aws.Keys;

/// <summary>
/// The key policy of an imported key, least privilege. Pure. The account's administrators keep the key manageable but
/// can neither use nor replace its material, nor let others use it; only the operator imports, and only as it should be
/// wrapped; the workloads' role is let in by a grant for as long as its store is open.
/// </summary>
internal static class ImportedKeyPolicy
{
    public const string WrappingAlgorithm = "RSAES_OAEP_SHA_256";
    public const string WrappingKeySpec = "RSA_4096";

    /// <summary>
    /// What administration is: no use, no import, no CreateGrant. Whoever may change the policy could give himself the
    /// rest, which CloudTrail shows; without PutKeyPolicy a lost operator role
    /// would leave a key that nobody can ever change.
    /// </summary>
    private static readonly IReadOnlyList<string> Administration =
    [
        "kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DeleteImportedKeyMaterial",
        "kms:DescribeKey",
        "kms:DisableKey", "kms:EnableKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants",
        "kms:ListKeyPolicies",
        "kms:ListKeyRotations", "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:RevokeGrant",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
    ];

    public static string For(
        AwsPartition partition, string account, string region, string operatorRole, string? dataRole)
    {
        var statements = new List<JsonNode>
        {
            KeyPolicyDocument.Statement("AccountAdministration", $"arn:{partition.Id}:iam::{account}:root",
                Administration),
            KeyPolicyDocument.Statement("ByokLook", operatorRole,
                ["kms:DescribeKey", "kms:ListKeyRotations", "kms:ListResourceTags"]),
            Parameters(operatorRole),
            KeyPolicyDocument.Statement(
                "ByokImport", operatorRole,
                ["kms:CreateAlias", "kms:DeleteImportedKeyMaterial", "kms:ImportKeyMaterial", "kms:RotateKeyOnDemand",
                    "kms:ScheduleKeyDeletion"]),
            KeyPolicyDocument.Prove(operatorRole, tenant: null),
            KeyPolicyDocument.ThroughStore(region, [operatorRole], buckets: []),
            KeyPolicyDocument.ChangeKeys(region, operatorRole),
        };
        if (dataRole is not null)
        {
            statements.AddRange(KeyPolicyDocument.Grants(operatorRole, dataRole));
        }

        return KeyPolicyDocument.Document(statements);
    }

    private static JsonObject Parameters(string operatorRole)
    {
        var statement = KeyPolicyDocument.Statement("ByokWrap", operatorRole, ["kms:GetParametersForImport"]);
        statement["Condition"] = new JsonObject
        {
            ["StringEquals"] = new JsonObject
            {
                ["kms:WrappingAlgorithm"] = WrappingAlgorithm,
                ["kms:WrappingKeySpec"] = WrappingKeySpec,
            },
        };
        return statement;
    }
}
