using System.Text;
using System.Text.Json;
using LocalCloud.Aws.Iam;

namespace LocalCloud.Aws.Kms;

/// <summary>Key policies, aliases and tags.</summary>
internal sealed class KmsPolicies(KmsEngine engine, KmsKeys keys)
{
    private const int MaxPolicyBytes = 32 * 1024;
    private const int MaxTags = 50;

    public void GetKeyPolicy(KmsCall call, Utf8JsonWriter answer)
    {
        answer.WriteString("Policy", keys.Permitted(call, "GetKeyPolicy").Policy.Text);
        answer.WriteString("PolicyName", "default");
    }

    public void PutKeyPolicy(KmsCall call, Utf8JsonWriter answer)
    {
        var policy = call.Needed("Policy");
        var key = keys.Permitted(call, "PutKeyPolicy");
        key.Policy = Read(policy, engine.Registry.Partition, key.Account);
    }

    public void ListKeyPolicies(KmsCall call, Utf8JsonWriter answer)
    {
        keys.Permitted(call, "ListKeyPolicies");
        answer.WriteStartArray("PolicyNames");
        answer.WriteStringValue("default");
        answer.WriteEndArray();
        answer.WriteBoolean("Truncated", false);
    }

    public void CreateAlias(KmsCall call, Utf8JsonWriter answer) => SetAlias(call, replace: false);

    public void UpdateAlias(KmsCall call, Utf8JsonWriter answer) => SetAlias(call, replace: true);

    public void DeleteAlias(KmsCall call, Utf8JsonWriter answer)
    {
        var name = call.Needed("AliasName");
        if (engine.Registry.AliasTarget(call.Region, call.Caller.Account, name) is { } target)
        {
            KmsAuthorizer.Demand(target, call.Use(), "kms:DeleteAlias", engine.Now);
            KmsAuthorizer.DemandOfIdentity(call.Use(), "kms:DeleteAlias",
                $"arn:{engine.Registry.Partition}:kms:{call.Region}:{call.Caller.Account}:{name}");
        }

        if (!engine.Registry.RemoveAlias(call.Region, call.Caller.Account, name))
        {
            throw KmsProblems.NotFound(
                $"Alias arn:{engine.Registry.Partition}:kms:{call.Region}:{call.Caller.Account}:{name} is not found.");
        }
    }

    public void ListAliases(KmsCall call, Utf8JsonWriter answer)
    {
        KmsAuthorizer.DemandOfIdentity(call.Use(), "kms:ListAliases", "*");
        var only = call.Text("KeyId") is { } id ? engine.Registry.Resolve(id, call.Region, call.Caller.Account) : null;
        var found = engine.Registry.Aliases(call.Region, call.Caller.Account)
            .Where(one => only is null || one.KeyId == only.Id);
        KmsPage.Write(call, answer, ("Aliases", 50, 100), found.Select(one => (one.Name, one)), one =>
        {
            answer.WriteStartObject();
            answer.WriteString("AliasName", one.Name);
            answer.WriteString("AliasArn",
                $"arn:{engine.Registry.Partition}:kms:{call.Region}:{call.Caller.Account}:{one.Name}");
            answer.WriteString("TargetKeyId", one.KeyId);
            answer.WriteEndObject();
        });
    }

    public void TagResource(KmsCall call, Utf8JsonWriter answer)
    {
        var key = keys.Permitted(call, "TagResource");
        DemandNotDeleting(key);
        AddTags(key, call.Element("Tags"));
    }

    public void UntagResource(KmsCall call, Utf8JsonWriter answer)
    {
        var key = keys.Permitted(call, "UntagResource");
        lock (key.Gate)
        {
            call.Texts("TagKeys").ForEach(name => key.Tags.Remove(name));
        }
    }

    public void ListResourceTags(KmsCall call, Utf8JsonWriter answer)
    {
        var key = keys.Permitted(call, "ListResourceTags");
        lock (key.Gate)
        {
            KmsPage.Write(call, answer, ("Tags", 50, 50), key.Tags.Select(tag => (tag.Key, tag)), tag =>
            {
                answer.WriteStartObject();
                answer.WriteString("TagKey", tag.Key);
                answer.WriteString("TagValue", tag.Value);
                answer.WriteEndObject();
            });
        }
    }

    internal static void AddTags(KmsKey key, JsonElement tags)
    {
        lock (key.Gate)
        {
            foreach (var tag in tags.EnumerateArray())
            {
                key.Tags[tag.GetProperty("TagKey").GetString()!] = tag.GetProperty("TagValue").GetString()!;
            }

            if (key.Tags.Count > MaxTags)
            {
                throw KmsProblems.Of("TagException", "Too many tags");
            }
        }
    }

    /// <summary>The policy given, or the one KMS makes when none is.</summary>
    internal static PolicyDocument Read(string? policy, string partition, string account)
    {
        policy ??=
            $$$"""{"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:{{{partition}}}:iam::{{{account}}}:root"},"Action":"kms:*","Resource":"*"}]}""";
        if (Encoding.UTF8.GetByteCount(policy) > MaxPolicyBytes)
        {
            throw KmsProblems.Of("LimitExceededException",
                $"1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have "
                    + $"length less than or equal to {MaxPolicyBytes}");
        }

        try
        {
            return PolicyDocument.Parse(policy);
        }
        catch (FormatException wrong)
        {
            throw KmsProblems.Of("MalformedPolicyDocumentException", wrong.Message);
        }
    }

    private static void DemandNotDeleting(KmsKey key)
    {
        if (key.State is KmsKeyState.PendingDeletion or KmsKeyState.PendingReplicaDeletion)
        {
            throw KmsProblems.InvalidState(key);
        }
    }

    private void SetAlias(KmsCall call, bool replace)
    {
        var name = call.Needed("AliasName");
        if (!name.StartsWith("alias/", StringComparison.Ordinal)
            || name.StartsWith("alias/aws/", StringComparison.Ordinal))
        {
            throw KmsProblems.Of(name.StartsWith("alias/", StringComparison.Ordinal) ? "NotAuthorizedException"
                : "ValidationException", "Invalid identifier");
        }

        var key = engine.Registry.Resolve(call.Needed("TargetKeyId"), call.Region, call.Caller.Account);
        // of the key, and of the name (https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html)
        var action = replace ? "kms:UpdateAlias" : "kms:CreateAlias";
        KmsAuthorizer.Demand(key, call.Use(), action, engine.Now);
        KmsAuthorizer.DemandOfIdentity(call.Use(), action,
            $"arn:{engine.Registry.Partition}:kms:{call.Region}:{call.Caller.Account}:{name}");
        DemandNotDeleting(key);
        if (replace && engine.Registry.AliasTarget(call.Region, call.Caller.Account, name) is null)
        {
            throw KmsProblems.NotFound(
                $"Alias arn:{engine.Registry.Partition}:kms:{call.Region}:{call.Caller.Account}:{name} is not found.");
        }

        if (!engine.Registry.SetAlias(call.Region, call.Caller.Account, name, key.Id, replace))
        {
            throw KmsProblems.Of("AlreadyExistsException",
                $"An alias with the name "
                    + $"arn:{engine.Registry.Partition}:kms:{call.Region}:{call.Caller.Account}:{name} already exists");
        }
    }
}
