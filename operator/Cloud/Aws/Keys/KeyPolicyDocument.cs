using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cloud.Aws.Keys;

/// <summary>The key policy a tenant must set, least privilege, in the partition of its key. Pure.</summary>
public static class KeyPolicyDocument
{
    /// <param name="key">The tenant's key.</param>
    /// <param name="operatorRole">The role that proves the key, copies the data and makes grants.</param>
    /// <param name="dataRole">The role of the workloads; null where the operator's role is the only one.</param>
    public static string For(KmsKeyArn key, string operatorRole, string? dataRole)
    {
        ArgumentNullException.ThrowIfNull(key);
        InPartition(key, operatorRole);
        var statements = new List<JsonNode>
        {
            Statement("KeyAdministration", $"arn:{key.Partition}:iam::{key.Account}:root", ["kms:*"]),
            Statement("ByokLook", operatorRole, ["kms:DescribeKey", "kms:GetKeyRotationStatus"]),
            Prove(operatorRole),
        };
        if (dataRole is not null)
        {
            InPartition(key, dataRole);
            statements.AddRange(DataRole(key.Region, operatorRole, dataRole));
        }

        return Document(statements);
    }

    internal static JsonObject Prove(string operatorRole) =>
        Statement("ByokProve", operatorRole, ["kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"]);

    internal static IEnumerable<JsonObject> DataRole(string region, string operatorRole, string dataRole) =>
    [
        ThroughStore(region, dataRole),
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

    /// <summary>The workloads reach the key only through S3 in the key's own region.</summary>
    private static JsonObject ThroughStore(string region, string dataRole)
    {
        var suffix = AwsPartition.OfRegion(region).DnsSuffix;
        var statement = Statement("ByokUseThroughStore", dataRole, ["kms:Decrypt", "kms:GenerateDataKey"]);
        statement["Condition"] = new JsonObject
        {
            ["StringEquals"] = new JsonObject { ["kms:ViaService"] = $"s3.{region}.{suffix}" },
        };
        return statement;
    }

    private static JsonObject MayGrant(string operatorRole, string dataRole)
    {
        var statement = Statement("ByokGrant", operatorRole, ["kms:CreateGrant"]);
        statement["Condition"] = new JsonObject
        {
            ["StringEquals"] = new JsonObject { ["kms:GranteePrincipal"] = dataRole },
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
