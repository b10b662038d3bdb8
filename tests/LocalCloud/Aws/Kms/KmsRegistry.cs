using System.Collections.Concurrent;
using System.Security.Cryptography;
using LocalCloud.Aws.Iam;

namespace LocalCloud.Aws.Kms;

/// <summary>All keys and aliases of all accounts and regions. Regions know nothing of each other,
/// but for replicas.</summary>
internal sealed class KmsRegistry(string partition, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Region, string Id), KmsKey> keys = new();
    private readonly ConcurrentDictionary<(string Region, string Account, string Name), string> aliases = new();

    public string Partition { get; } = partition;

    public TimeProvider Clock { get; } = clock;

    public IEnumerable<KmsKey> In(string region, string account) =>
        keys.Values.Where(key => key.Region == region && key.Account == account)
            .OrderBy(key => key.Id, StringComparer.Ordinal);

    public IEnumerable<KmsKey> InRegion(string region) => keys.Values.Where(key => key.Region == region);

    public IEnumerable<KmsKey> Replicas(KmsKey key) => keys.Values.Where(one => one.Id == key.Id);

    public IEnumerable<(string Name, string KeyId)> Aliases(string region, string account) =>
        aliases.Where(one => one.Key.Region == region && one.Key.Account == account)
            .Select(one => (one.Key.Name, one.Value)).OrderBy(one => one.Name, StringComparer.Ordinal);

    public KmsKey? Find(string region, string id) => keys.GetValueOrDefault((region, id));

    /// <summary>The key with this ARN, for tests and for S3's default keys; null where there is none.</summary>
    public KmsKey? FindArn(string arn) =>
        Arn.TryParse(arn, out var name) && name.Resource.StartsWith("key/", StringComparison.Ordinal)
        && Find(name.Region, name.Resource["key/".Length..]) is { } key && key.Account == name.Account ? key : null;

    /// <summary>Resolves id, ARN, alias name or alias ARN as KMS does, in the region asked.</summary>
    public KmsKey Resolve(string keyId, string region, string callerAccount)
    {
        if (keyId.StartsWith("alias/", StringComparison.Ordinal))
        {
            return ByAlias(region, callerAccount, keyId);
        }

        if (!keyId.StartsWith("arn:", StringComparison.Ordinal))
        {
            var arn = new Arn(Partition, "kms", region, callerAccount, "key/" + keyId).ToString();
            return Find(region, keyId) is { } own && own.Account == callerAccount ? own
                : throw KmsProblems.NotFound($"Key '{arn}' does not exist");
        }

        if (!Arn.TryParse(keyId, out var name) || name.Service != "kms")
        {
            throw KmsProblems.NotFound($"Invalid keyId '{keyId}'");
        }

        if (name.Region != region || name.Partition != Partition)
        {
            throw KmsProblems.NotFound($"Invalid arn {name.Region}");
        }

        return name.Resource.StartsWith("alias/", StringComparison.Ordinal)
            ? ByAlias(region, name.Account, name.Resource)
            : FindArn(keyId) ?? throw KmsProblems.NotFound($"Key '{keyId}' does not exist");
    }

    public KmsKey Create(KmsKey key)
    {
        keys[(key.Region, key.Id)] = key;
        return key;
    }

    /// <summary>The key's aliases go with it.</summary>
    public bool Remove(KmsKey key)
    {
        foreach (var alias in aliases.Where(one => one.Key.Region == key.Region && one.Value == key.Id))
        {
            aliases.TryRemove(alias);
        }

        return keys.TryRemove((key.Region, key.Id), out _);
    }

    public KmsKey? AliasTarget(string region, string account, string name) =>
        aliases.TryGetValue((region, account, name), out var id) ? Find(region, id) : null;

    public bool SetAlias(string region, string account, string name, string keyId, bool replace)
    {
        if (replace)
        {
            aliases[(region, account, name)] = keyId;
            return true;
        }

        return aliases.TryAdd((region, account, name), keyId);
    }

    public bool RemoveAlias(string region, string account, string name) =>
        aliases.TryRemove((region, account, name), out _);

    /// <summary>alias/aws/s3, made when it is first used, as in a real account.</summary>
    public KmsKey AwsManaged(string region, string account)
    {
        const string alias = "alias/aws/s3";
        if (aliases.TryGetValue((region, account, alias), out var id) && Find(region, id) is { } known)
        {
            return known;
        }

        id = Guid.NewGuid().ToString();
        var policy =
            $$$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*","kms:CreateGrant","kms:DescribeKey"],"Resource":"*","Condition":{"StringEquals":{"kms:CallerAccount":"{{{account}}}","kms:ViaService":"s3.{{{region}}}.amazonaws.com"} } },{"Effect":"Allow","Principal":{"AWS":"arn:{{{Partition}}}:iam::{{{account}}}:root"},"Action":["kms:Describe*","kms:Get*","kms:List*"],"Resource":"*"}]}""";
        var key = new KmsKey(new Arn(Partition, "kms", region, account, "key/" + id), id)
        {
            Policy = PolicyDocument.Parse(policy),
            IsAwsManaged = true,
            Created = Clock.GetUtcNow(),
            Description = "Default key that protects my S3 objects when no other key is defined",
        };
        key.AddMaterial(RandomNumberGenerator.GetBytes(32), Clock.GetUtcNow());
        if (!aliases.TryAdd((region, account, alias), id))
        {
            return AwsManaged(region, account);
        }

        return Create(key);
    }

    private KmsKey ByAlias(string region, string account, string alias)
    {
        if (alias == "alias/aws/s3")
        {
            return AwsManaged(region, account);
        }

        return aliases.TryGetValue((region, account, alias), out var id) && Find(region, id) is { } key
            ? key
            : throw KmsProblems.NotFound($"Alias {new Arn(Partition, "kms", region, account, alias)} is not found.");
    }
}
