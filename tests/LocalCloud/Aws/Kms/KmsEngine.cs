using System.Security.Cryptography;
using LocalCloud.Faults;

namespace LocalCloud.Aws.Kms;

/// <summary>Cryptographic use of keys: what KMS's API and S3 have in common.</summary>
internal sealed class KmsEngine(KmsRegistry registry, CloudSwitches switches)
{
    public KmsRegistry Registry { get; } = registry;

    public CloudSwitches Switches { get; } = switches;

    public DateTimeOffset Now => Registry.Clock.GetUtcNow();

    /// <summary>A ready data key. The order of refusals is KMS's: existence, permission, kind, state.</summary>
    public (byte[] Plaintext, byte[] Blob, KmsKey Key) GenerateDataKey(
        string keyId, KmsUse use, string operation, int length)
    {
        var key = Ready(keyId, use, operation);
        var plaintext = RandomNumberGenerator.GetBytes(length);
        return (plaintext, KmsCipher.Encrypt(key, plaintext, use.Context), key);
    }

    public (byte[] Plaintext, KmsKey Key, KeyMaterial Material) Decrypt(
        ReadOnlySpan<byte> blob, string? keyId, KmsUse use, string operation)
    {
        var key = KeyOf(blob, use.Region);
        use.NamesKey = keyId is not null;
        if (keyId is not null)
        {
            var named = Registry.Resolve(keyId, use.Region, use.Caller.Account);
            if (key is null || named != key)
            {
                KmsAuthorizer.Demand(named, use, "kms:" + operation, Now);
                throw key is null && KmsCipher.KeyIdOf(blob) is null
                    ? KmsProblems.InvalidCiphertext()
                    : KmsProblems.Of("IncorrectKeyException",
                        "The key ID in the request does not identify a CMK that can perform this operation.");
            }
        }

        if (key is null)
        {
            throw KmsCipher.KeyIdOf(blob) is null ? KmsProblems.InvalidCiphertext()
                : KmsProblems.UnknownCiphertextKey();
        }

        Check(key, use, operation);
        var (plaintext, material) = KmsCipher.OpenWith(key, blob, use.Context);
        return (plaintext, key, material);
    }

    public KmsKey? KeyOf(ReadOnlySpan<byte> blob, string region) =>
        KmsCipher.KeyIdOf(blob) is { } id ? Registry.Find(region, id) : null;

    public KmsKey Ready(string keyId, KmsUse use, string operation)
    {
        var key = Registry.Resolve(keyId, use.Region, use.Caller.Account);
        use.RequestAlias = keyId.Contains("alias/", StringComparison.Ordinal)
            ? keyId[keyId.IndexOf("alias/", StringComparison.Ordinal)..] : null;
        Check(key, use, operation);
        return key;
    }

    private void Check(KmsKey key, KmsUse use, string operation)
    {
        KmsAuthorizer.Demand(key, use, "kms:" + operation, Now);
        if (!key.IsSymmetric)
        {
            throw KmsProblems.InvalidUsage(key, operation is "ReEncryptFrom" or "ReEncryptTo" ? "ReEncrypt"
                : operation);
        }

        DemandEnabled(key, lag: use.ViaService is null ? TimeSpan.Zero : Switches.DisableLag.Value);
    }

    public void DemandEnabled(KmsKey key, TimeSpan lag)
    {
        Age(key);
        if (key.ExternalRefusal is { } words)
        {
            throw KmsProblems.External(words);
        }

        switch (key.State)
        {
            case KmsKeyState.Enabled or KmsKeyState.Updating:
                return;
            case not KmsKeyState.PendingImport when lag > TimeSpan.Zero && Now - key.UnusableSince < lag:
                return;
            case KmsKeyState.Disabled:
                throw KmsProblems.Disabled(key);
            default:
                throw KmsProblems.InvalidState(key);
        }
    }

    /// <summary>What time does to a key: material expires,
    /// and after its waiting period the key is gone for good.</summary>
    public void Age(KmsKey key)
    {
        if (key.Imported is { } imported)
        {
            lock (key.Gate)
            {
                if (imported.Expire(Now))
                {
                    key.Settle(Now);
                }
            }
        }

        if (key.State == KmsKeyState.PendingDeletion && key.DeletionDate <= Now)
        {
            Registry.Remove(key);
            throw KmsProblems.NotFound($"Key '{key.Arn}' does not exist");
        }
    }
}
