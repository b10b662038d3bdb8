using System.Security.Cryptography;
using LocalCloud.Aws;
using LocalCloud.Aws.Iam;
using LocalCloud.Aws.Kms;

namespace LocalCloud.Admin;

public sealed partial class LocalCloudAdmin
{
    /// <summary>A symmetric key, ready for use. Without a policy: the account's root may do everything.</summary>
    /// <returns>Its ARN.</returns>
    public string CreateKey(string account, string region, string? policy = null)
    {
        var id = Guid.NewGuid().ToString();
        var registry = aws.Engine.Registry;
        var key = new KmsKey(new Arn(registry.Partition, "kms", region, account, "key/" + id), id)
        {
            Policy = KmsPolicies.Read(policy, registry.Partition, account),
            Created = Now,
        };
        key.AddMaterial(RandomNumberGenerator.GetBytes(32), Now);
        return registry.Create(key).Arn;
    }

    /// <summary>Any state of KeyState, whatever the way there: Enabled, Disabled, PendingDeletion, PendingImport,
    /// Unavailable…</summary>
    public void SetKeyState(string keyArn, string state)
    {
        var key = Key(keyArn);
        lock (key.Gate)
        {
            var wanted = Enum.Parse<KmsKeyState>(state);
            if (wanted != KmsKeyState.Enabled && key.State == KmsKeyState.Enabled)
            {
                key.UnusableSince = Now;
            }

            key.DeletionDate = wanted == KmsKeyState.PendingDeletion ? Now.AddDays(30) : null;
            key.State = wanted;
        }
    }

    public string KeyState(string keyArn)
    {
        var key = Key(keyArn);
        aws.Engine.Age(key);
        return key.State.ToString();
    }

    /// <summary>The region loses what was imported into the key, all of it; the key asks for it again.</summary>
    public void LoseMaterial(string keyArn)
    {
        var key = Key(keyArn);
        lock (key.Gate)
        {
            var imported = Imported(key);
            foreach (var material in imported.All)
            {
                imported.Forget(material.Id);
            }

            key.Settle(Now);
        }
    }

    /// <summary>How many keys an account has in a region, those waiting for deletion left out.</summary>
    public int LivingKeys(string account, string region) =>
        aws.Engine.Registry.In(region, account).Count(key => key.State != KmsKeyState.PendingDeletion);

    public void SetKeyPolicy(string keyArn, string policy) => Key(keyArn).Policy = PolicyDocument.Parse(policy);

    /// <summary>The key is one of an external key store that refuses with these words, in KMS's own exception; null:
    /// it works again.</summary>
    public void SetExternalRefusal(string keyArn, string? words) => Key(keyArn).ExternalRefusal = words;

    /// <summary>Same ARN, other material: what the key sealed before opens never again. No real KMS does this; deleting
    /// and re-importing comes near.</summary>
    public void ReplaceMaterial(string keyArn)
    {
        var key = Key(keyArn);
        lock (key.Gate)
        {
            if (key.Imported is not null)
            {
                throw new ArgumentException("imported material is never another", nameof(keyArn));
            }

            key.SetMaterials([]);
            key.AddMaterial(RandomNumberGenerator.GetBytes(32), Now);
        }
    }

    /// <summary>New current material, old ones kept: what the yearly rotation does.</summary>
    public void RotateKey(string keyArn) => aws.Kms.Rotation.Rotate(Key(keyArn));

    /// <summary>The key is gone, as after its waiting period.</summary>
    public void RemoveKey(string keyArn) => aws.Engine.Registry.Remove(Key(keyArn));

    /// <summary>Of the current material; of imported material also when it is gone.</summary>
    public string? KeyMaterialId(string keyArn) =>
        Key(keyArn) is { Imported: { } imported } ? imported.Current?.Id : Key(keyArn).Current?.Id;

    public int GrantCount(string keyArn) => Key(keyArn).Grants.Count;

    private static ImportedMaterials Imported(KmsKey key) =>
        key.Imported ?? throw new ArgumentException("the key's material was not imported", nameof(key));

    private KmsKey Key(string arn) =>
        aws.Engine.Registry.FindArn(arn) ?? throw new ArgumentException($"no such key: {arn}", nameof(arn));
}
