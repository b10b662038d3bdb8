using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cloud.Aws.Keys;

/// <summary>The key policy a tenant must set, least privilege, in the partition of its key. Pure.</summary>
public static class KeyPolicyDocument
{
    /// <summary>The pair of the encryption context that a proof is made with.</summary>
    private const string TenantContext = "kms:EncryptionContext:byok.dev/tenant";

    /// <summary>
    /// No grants: whoever is let in is let in by this policy alone, so that taking it away, or any part of it, counts at once, with the
    /// operator or without it.
    /// </summary>
    /// <param name="key">The tenant's key.</param>
    /// <param name="operatorRole">The role that proves the key and copies the data.</param>
    /// <param name="dataRole">The role of the workloads; null where the operator's role is the only one.</param>
    /// <param name="tenant">Whose key it is: what the proof has to say in its encryption context. Null where that is not bound.</param>
    public static string For(KmsKeyArn key, string operatorRole, string? dataRole, string? tenant = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        InPartition(key, operatorRole);
        if (dataRole is not null)
        {
            InPartition(key, dataRole);
        }

        return Document(
        [
            Statement("KeyAdministration", $"arn:{key.Partition}:iam::{key.Account}:root", ["kms:*"]),
            Statement("ByokLook", operatorRole, ["kms:DescribeKey"]),
            Prove(operatorRole, tenant),
            ThroughStore(key.Region, dataRole is null ? [operatorRole] : [operatorRole, dataRole]),
        ]);
    }

    internal static JsonObject Prove(string operatorRole, string? tenant) =>
        When(Statement("ByokProve", operatorRole, ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"]), TenantContext, tenant);

    /// <summary>Data is read and written only through S3 in the key's own region.</summary>
    internal static JsonObject ThroughStore(string region, IReadOnlyList<string> roles)
    {
        var statement = Statement("ByokUseThroughStore", roles[0], ["kms:Decrypt", "kms:GenerateDataKey"]);
        statement["Principal"] = new JsonObject { ["AWS"] = roles.Count == 1 ? JsonValue.Create(roles[0]) : Strings(roles) };
        return When(statement, "kms:ViaService", $"s3.{region}.{AwsPartition.OfRegion(region).DnsSuffix}");
    }

    /// <summary>Grants on a key of the platform's own: to the workloads' role, for what S3 needs, with the operator to retire them.</summary>
    internal static IEnumerable<JsonObject> Grants(string operatorRole, string dataRole) =>
    [
        MayGrant(operatorRole, dataRole),
        Statement("ByokWithdraw", operatorRole, ["kms:ListGrants", "kms:RevokeGrant"]),
    ];

    internal static string Document(IEnumerable<JsonNode> statements) =>
        Text(new JsonObject { ["Version"] = "2012-10-17", ["Id"] = "byok-operator", ["Statement"] = new JsonArray([.. statements]) });

    internal static JsonObject Statement(string sid, string principal, IReadOnlyList<string> actions) => new()
    {
        ["Sid"] = sid,
        ["Effect"] = "Allow",
        ["Principal"] = new JsonObject { ["AWS"] = principal },
        ["Action"] = actions.Count == 1 ? JsonValue.Create(actions[0]) : Strings(actions),
        ["Resource"] = "*",
    };

    private static JsonObject When(JsonObject statement, string key, string? value)
    {
        if (value is not null)
        {
            statement["Condition"] = new JsonObject { ["StringEquals"] = new JsonObject { [key] = value } };
        }

        return statement;
    }

    private static JsonObject MayGrant(string operatorRole, string dataRole)
    {
        var statement = Statement("ByokGrant", operatorRole, ["kms:CreateGrant"]);
        statement["Condition"] = new JsonObject
        {
            ["StringEquals"] = new JsonObject { ["kms:GranteePrincipal"] = dataRole, ["kms:RetiringPrincipal"] = operatorRole },
            ["ForAllValues:StringEquals"] = new JsonObject { ["kms:GrantOperations"] = Strings(GrantRequests.Operations) },
        };
        return statement;
    }

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);

    private static void InPartition(KmsKeyArn key, string role)
    {
        if (!AwsArn.TryParse(role, out var arn) || arn.Service is not ("iam" or "sts"))
        {
            throw new CloudException(new CloudProblem.Refused("InvalidArn", $"'{role}' is not the ARN of a role"), "policy");
        }

        if (arn.Partition != key.Partition)
        {
            throw new CloudException(
                new CloudProblem.Refused("OtherPartition", $"'{role}' can't use '{key}': it is in the partition '{arn.Partition}'"), "policy");
        }
    }

    private static string Text(JsonObject document)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
