using System.Security.Cryptography;
using System.Text.Json;
using LocalCloud.Aws.Iam;

namespace LocalCloud.Aws.Kms;

/// <summary>The life of a key: made, described, enabled, disabled, deleted, rotated, replicated.</summary>
internal sealed class KmsKeys(KmsEngine engine)
{
    private const int MinWaitingDays = 7;
    private const int MaxWaitingDays = 30;

    private KmsRegistry Registry => engine.Registry;

    public void CreateKey(KmsCall call, Utf8JsonWriter answer)
    {
        var spec = call.Text("KeySpec") ?? call.Text("CustomerMasterKeySpec") ?? "SYMMETRIC_DEFAULT";
        var usage = call.Text("KeyUsage")
            ?? (spec.StartsWith("HMAC", StringComparison.Ordinal) ? "GENERATE_VERIFY_MAC" : "ENCRYPT_DECRYPT");
        DemandFits(spec, usage);
        var multiRegion = call.Flag("MultiRegion");
        var id = multiRegion ? "mrk-" + Guid.NewGuid().ToString("N") : Guid.NewGuid().ToString();
        var origin = call.Text("Origin") ?? "AWS_KMS";
        var key = new KmsKey(new Arn(Registry.Partition, "kms", call.Region, call.Caller.Account, "key/" + id), id)
        {
            Spec = spec,
            Usage = usage,
            Origin = origin,
            IsMultiRegion = multiRegion,
            Description = call.Text("Description") ?? "",
            Created = engine.Now,
            Policy = KmsPolicies.Read(call.Text("Policy"), Registry.Partition, call.Caller.Account),
            State = origin == "EXTERNAL" ? KmsKeyState.PendingImport : KmsKeyState.Enabled,
            Imported = origin == "EXTERNAL" ? new ImportedMaterials() : null,
        };
        DemandNoLockout(call, key);
        var use = call.Tagging();
        KmsAuthorizer.DemandOfIdentity(use, "kms:CreateKey", "*");
        if (call.Has("Tags"))
        {
            KmsAuthorizer.DemandOfIdentity(use, "kms:TagResource", "*");
            KmsPolicies.AddTags(key, call.Element("Tags"));
        }

        if (origin == "AWS_KMS")
        {
            key.AddMaterial(RandomNumberGenerator.GetBytes(32), engine.Now);
        }

        KeyMetadata.Write(answer, Registry.Create(key), Registry);
    }

    public void DescribeKey(KmsCall call, Utf8JsonWriter answer) =>
        KeyMetadata.Write(answer, Permitted(call, "DescribeKey"), Registry);

    public void ListKeys(KmsCall call, Utf8JsonWriter answer)
    {
        KmsAuthorizer.DemandOfIdentity(call.Use(), "kms:ListKeys", "*");
        var listed = Registry.In(call.Region, call.Caller.Account)
            .Where(key => key.Created <= engine.Now - engine.Switches.KeyListLag.Value);
        KmsPage.Write(call, answer, ("Keys", 100, 1000), listed.Select(key => (key.Id, key)), key =>
        {
            answer.WriteStartObject();
            answer.WriteString("KeyId", key.Id);
            answer.WriteString("KeyArn", key.Arn);
            answer.WriteEndObject();
        });
    }

    public void EnableKey(KmsCall call, Utf8JsonWriter answer) => Switch(call, "EnableKey", KmsKeyState.Enabled);

    public void DisableKey(KmsCall call, Utf8JsonWriter answer) => Switch(call, "DisableKey", KmsKeyState.Disabled);

    public void ScheduleKeyDeletion(KmsCall call, Utf8JsonWriter answer)
    {
        var days = call.Number("PendingWindowInDays") ?? MaxWaitingDays;
        if (days is < MinWaitingDays or > MaxWaitingDays)
        {
            throw KmsProblems.Validation(
                $"1 validation error detected: Value '{days}' at 'pendingWindowInDays' failed to satisfy constraint: "
                    + $"Member must have value between {MinWaitingDays} and {MaxWaitingDays}");
        }

        var key = Permitted(call, "ScheduleKeyDeletion");
        lock (key.Gate)
        {
            if (key.State is KmsKeyState.PendingDeletion or KmsKeyState.PendingReplicaDeletion)
            {
                throw KmsProblems.InvalidState(key);
            }

            key.UnusableSince = engine.Now;
            key.DeletionDate = engine.Now.AddDays(days);
            key.State = key.IsMultiRegion && key.PrimaryRegion == key.Region && Registry.Replicas(key).Count() > 1
                ? KmsKeyState.PendingReplicaDeletion
                : KmsKeyState.PendingDeletion;
        }

        answer.WriteString("KeyId", key.Arn);
        answer.WriteNumber("DeletionDate", key.DeletionDate.Value.ToUnixTimeSeconds());
        answer.WriteString("KeyState", key.State.ToString());
        answer.WriteNumber("PendingWindowInDays", days);
    }

    public void CancelKeyDeletion(KmsCall call, Utf8JsonWriter answer)
    {
        var key = Permitted(call, "CancelKeyDeletion");
        lock (key.Gate)
        {
            if (key.State is not (KmsKeyState.PendingDeletion or KmsKeyState.PendingReplicaDeletion))
            {
                throw KmsProblems.Of("KMSInvalidStateException", $"{key.Arn} is not pending deletion.");
            }

            key.DeletionDate = null;
            key.State = key.Imported?.IsComplete == false ? KmsKeyState.PendingImport : KmsKeyState.Disabled;
        }

        answer.WriteString("KeyId", key.Arn);
    }

    public void ReplicateKey(KmsCall call, Utf8JsonWriter answer)
    {
        var primary = Permitted(call, "ReplicateKey");
        var region = call.Needed("ReplicaRegion");
        if (!primary.IsMultiRegion || primary.PrimaryRegion != primary.Region)
        {
            throw KmsProblems.Of("UnsupportedOperationException", $"{primary.Arn} is not a multi-region primary key.");
        }

        engine.DemandEnabled(primary, TimeSpan.Zero);
        if (Registry.Find(region, primary.Id) is not null)
        {
            throw KmsProblems.Of("AlreadyExistsException", $"{primary.Id} already exists in {region}");
        }

        var replica = new KmsKey(primary.Name with { Region = region }, primary.Id)
        {
            Spec = primary.Spec,
            Usage = primary.Usage,
            Origin = primary.Origin,
            IsMultiRegion = true,
            PrimaryRegion = primary.Region,
            Description = call.Text("Description") ?? "",
            Created = engine.Now,
            Policy = KmsPolicies.Read(call.Text("Policy"), Registry.Partition, call.Caller.Account),
            State = primary.Origin == "EXTERNAL" ? KmsKeyState.PendingImport : KmsKeyState.Enabled,
            Imported = primary.Origin == "EXTERNAL" ? new ImportedMaterials() : null,
        };
        replica.SetMaterials(primary.Origin == "EXTERNAL" ? [] : primary.Materials);
        Registry.Create(replica);
        KeyMetadata.Write(answer, replica, Registry, "ReplicaKeyMetadata");
    }

    /// <summary>Resolves KeyId and asks for permission; state is the caller's business.</summary>
    internal KmsKey Permitted(KmsCall call, string operation, KmsUse? use = null)
    {
        var key = Registry.Resolve(call.Needed("KeyId"), call.Region, call.Caller.Account);
        engine.Age(key);
        KmsAuthorizer.Demand(key, use ?? call.Use(), "kms:" + operation, engine.Now);
        return key;
    }

    private void Switch(KmsCall call, string operation, KmsKeyState wanted)
    {
        var key = Permitted(call, operation);
        lock (key.Gate)
        {
            if (key.State is not (KmsKeyState.Enabled or KmsKeyState.Disabled))
            {
                throw KmsProblems.InvalidState(key);
            }

            if (wanted == KmsKeyState.Disabled && key.State != wanted)
            {
                key.UnusableSince = engine.Now;
            }

            key.State = wanted;
        }
    }

    /// <summary>Whoever makes a key with a policy has to be able to change it,
    /// unless he says that he needn't.</summary>
    private static void DemandNoLockout(KmsCall call, KmsKey key)
    {
        if (!call.Has("Policy") || call.Flag("BypassPolicyLockoutSafetyCheck"))
        {
            return;
        }

        try
        {
            KmsAuthorizer.Demand(key, call.Use(), "kms:PutKeyPolicy", key.Created);
        }
        catch (AwsProblem)
        {
            throw KmsProblems.Of("MalformedPolicyDocumentException",
                "The new key policy will not allow you to update the key policy in the future.");
        }
    }

    private static void DemandFits(string spec, string usage)
    {
        var fits = spec switch
        {
            "SYMMETRIC_DEFAULT" => usage == "ENCRYPT_DECRYPT",
            _ when spec.StartsWith("HMAC_", StringComparison.Ordinal) => usage == "GENERATE_VERIFY_MAC",
            _ when spec.StartsWith("RSA_", StringComparison.Ordinal) => usage is "ENCRYPT_DECRYPT" or "SIGN_VERIFY",
            _ when spec.StartsWith("ECC_", StringComparison.Ordinal) => usage is "SIGN_VERIFY" or "KEY_AGREEMENT",
            _ =>
                throw KmsProblems.Validation(
                    $"1 validation error detected: Value '{spec}' at 'keySpec' failed to satisfy constraint"),
        };
        if (!fits)
        {
            throw KmsProblems.Validation($"KeyUsage {usage} is not compatible with KeySpec {spec}");
        }
    }
}
