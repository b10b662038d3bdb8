using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>The key policy a tenant must set, least privilege, in the partition of its key. Pure.</summary>
public static partial class KeyPolicyDocument
{
    public const string Administration = "KeyAdministration";
    public const string Look = "ByokLook";
    public const string Proof = "ByokProve";
    public const string Use = "ByokUseThroughStore";
    public const string Change = "ByokChangeKeys";

    /// <summary>The pair of the encryption context that a proof is made with.</summary>
    public const string TenantPair = "byok.dev/tenant";

    public const string TenantContext = $"kms:EncryptionContext:{TenantPair}";

    /// <summary>The pair that S3 adds itself: the object's ARN,
    /// or its bucket's where objects share a key of the bucket's.</summary>
    private const string StoreContext = "kms:EncryptionContext:aws:s3:arn";

    /// <summary>
    /// No grants: whoever is let in is let in by this policy alone, so that taking it away, or any part of it, counts
    /// at once, with the operator or without it.
    /// </summary>
    /// <param name="key">The tenant's key.</param>
    /// <param name="operatorRole">The role that proves the key and copies the data.</param>
    /// <param name="binding">Whose key it is; null: it is bound to nobody.</param>
    public static string For(KmsKeyArn key, string operatorRole, KeyBinding? binding)
    {
        ArgumentNullException.ThrowIfNull(key);
        InPartition(key, operatorRole);
        var dataRole = binding?.Workloads.Aws;
        if (dataRole is not null)
        {
            InPartition(key, dataRole);
            NotTheOperator(operatorRole, dataRole);
        }

        var arn = AwsArn.TryParse(operatorRole, out var role) ? role : null;
        IEnumerable<JsonNode> ownAccount = arn?.Account == key.Account ? [ChangeKeys(key.Region, operatorRole)] : [];
        return Document(
        [
            Statement(Administration, $"arn:{key.Partition}:iam::{key.Account}:root", ["kms:*"]),
            Statement(Look, operatorRole, ["kms:DescribeKey"]),
            Prove(operatorRole, binding?.Tenant),
            ThroughStore(key.Region, dataRole is null ? [operatorRole]
                : [operatorRole, dataRole], binding?.Buckets ?? []),
            .. ownAccount,
        ]);
    }

    internal static JsonObject Prove(string operatorRole, string? tenant) =>
        When(Statement(Proof, operatorRole, ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"]), TenantContext,
            tenant);

    /// <summary>Data is read and written only through S3 in the key's own region.</summary>
    /// <param name="region">The key's.</param>
    /// <param name="roles">Who may.</param>
    /// <param name="buckets">In which buckets; empty: in any.</param>
    internal static JsonObject ThroughStore(string region, IReadOnlyList<string> roles, IReadOnlyList<string> buckets)
    {
        var partition = AwsPartition.OfRegion(region);
        var statement = Statement(Use, roles[0], ["kms:Decrypt", "kms:GenerateDataKey"]);
        statement["Principal"] =
            new JsonObject { ["AWS"] = roles.Count == 1 ? JsonValue.Create(roles[0]) : Strings(roles) };
        When(statement, "kms:ViaService", $"s3.{region}.{partition.DnsSuffix}");
        if (buckets.Count > 0)
        {
            statement["Condition"]!["StringLike"] =
                new JsonObject { [StoreContext] = Strings(buckets.SelectMany(bucket => Within(partition, bucket))) };
        }

        return statement;
    }

    /// <summary>
    /// What S3 asks of whoever puts an object under another key where it stands, beside <see cref="ThroughStore"/>'s.
    /// S3 does so with keys of the bucket's own account alone, so other keys need not allow it.
    /// </summary>
    internal static JsonObject ChangeKeys(string region, string operatorRole) => When(
        Statement(Change, operatorRole, ["kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"]),
        "kms:ViaService",
        $"s3.{region}.{AwsPartition.OfRegion(region).DnsSuffix}");

    /// <summary>A workload in the operator's own role would be let into a store that is closed.</summary>
    private static void NotTheOperator(string operatorRole, string dataRole)
    {
        if (dataRole == operatorRole)
        {
            throw new CloudException(
                new CloudProblem.Refused(
                    "DataRoleIsOperators",
                    "the Tenant's stores.dataPrincipals.aws is the operator's own role, and a closed store would stay "
                        + "open to its workloads: the platform has to give them a role of their own"),
                "policy");
        }
    }

    /// <summary>A bucket and what is in it; a pattern covers both.</summary>
    private static IEnumerable<string> Within(AwsPartition partition, string bucket) =>
        bucket.EndsWith('*') ? [$"arn:{partition.Id}:s3:::{bucket}"]
            : [$"arn:{partition.Id}:s3:::{bucket}", $"arn:{partition.Id}:s3:::{bucket}/*"];

    /// <summary>Grants on a key of the platform's own: to the workloads' role, for what S3 needs,
    /// with the operator to retire them.</summary>
    internal static IEnumerable<JsonObject> Grants(string operatorRole, string dataRole)
    {
        NotTheOperator(operatorRole, dataRole);
        return [MayGrant(operatorRole, dataRole),
            Statement("ByokWithdraw", operatorRole, ["kms:ListGrants", "kms:RevokeGrant"])];
    }

    internal static string Document(IEnumerable<JsonNode> statements) =>
        Text(
            new JsonObject
            {
                ["Version"] = "2012-10-17",
                ["Id"] = "byok-operator",
                ["Statement"] = new JsonArray([.. statements]),
            });

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
            ["StringEquals"] =
                new JsonObject { ["kms:GranteePrincipal"] = dataRole, ["kms:RetiringPrincipal"] = operatorRole },
            ["ForAllValues:StringEquals"] =
                new JsonObject { ["kms:GrantOperations"] = Strings(GrantRequests.Operations) },
        };
        return statement;
    }

    private static JsonArray Strings(IEnumerable<string> texts) =>
        new([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);

    private static void InPartition(KmsKeyArn key, string role)
    {
        if (!AwsArn.TryParse(role, out var arn) || arn.Service is not ("iam" or "sts") || arn.Region.Length > 0
            || !arn.HasAccount || !Identity().IsMatch(arn.Resource))
        {
            throw new CloudException(new CloudProblem.Refused("InvalidArn", $"'{role}' is not the ARN of a role"),
                "policy");
        }

        if (arn.Partition != key.Partition)
        {
            throw new CloudException(
                new CloudProblem.Refused("OtherPartition",
                    $"'{role}' can't use '{key}': it is in the partition '{arn.Partition}'"), "policy");
        }
    }

    private static string Text(JsonObject document)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer,
            new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Somebody: a pattern would let in more than him.</summary>
    [GeneratedRegex(@"^[a-z-]+/[A-Za-z0-9+=,.@_/-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identity();
}
