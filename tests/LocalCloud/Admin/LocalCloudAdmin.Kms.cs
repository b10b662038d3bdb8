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

    /// <summary>Any state of KeyState, whatever the way there: Enabled, Disabled, PendingDeletion, PendingImport, Unavailable…</summary>
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

    public string KeyState(string keyArn) => Key(keyArn).State.ToString();

    public void SetKeyPolicy(string keyArn, string policy) => Key(keyArn).Policy = PolicyDocument.Parse(policy);

    /// <summary>Same ARN, other material: what the key sealed before opens never again. No real KMS does this; deleting and re-importing comes near.</summary>
    public void ReplaceMaterial(string keyArn)
    {
        var key = Key(keyArn);
        lock (key.Gate)
        {
            key.SetMaterials([]);
            key.AddMaterial(RandomNumberGenerator.GetBytes(32), Now);
        }
    }

    /// <summary>New current material, old ones kept: what the yearly rotation does.</summary>
    public void RotateKey(string keyArn) => aws.Kms.Rotation.Rotate(Key(keyArn));

    /// <summary>The key is gone, as after its waiting period.</summary>
    public void RemoveKey(string keyArn) => aws.Engine.Registry.Remove(Key(keyArn));

    public string? KeyMaterialId(string keyArn) => Key(keyArn).Current?.Id;

    public int GrantCount(string keyArn) => Key(keyArn).Grants.Count;

    private KmsKey Key(string arn) => aws.Engine.Registry.FindArn(arn) ?? throw new ArgumentException($"no such key: {arn}", nameof(arn));
}
