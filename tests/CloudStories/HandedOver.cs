using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Byok.Import.Wrapping;
using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;
using Quickstart;

namespace CloudStories;

/// <summary>An RSA key that a tenant made and hands over: what its script does,
/// and every text that may never show.</summary>
internal sealed class HandedOver : IDisposable
{
    private readonly RSA key = RSA.Create(2048);

    /// <summary>Parts of the secret numbers, as hexadecimal, base64 and base64url.</summary>
    public IEnumerable<string> Secrets
    {
        get
        {
            var numbers = key.ExportParameters(includePrivateParameters: true);
            return new[] { numbers.D!, numbers.P!, numbers.Q!, numbers.DP!, numbers.DQ!, numbers.InverseQ! }
                .SelectMany(number =>
                    new[]
                    {
                        Convert.ToHexStringLower(number),
                        Convert.ToHexString(number),
                        Convert.ToBase64String(number),
                        Base64Url.EncodeToString(number),
                    })
                .Select(text => text[8..40]);
        }
    }

    /// <summary>Wraps the key with the platform's public key (CKM_RSA_AES_KEY_WRAP)
    /// and puts it where the operator looks.</summary>
    public async Task UploadAsync(Stage stage, string ns)
    {
        using var platform = RSA.Create();
        platform.ImportFromPem(await PublicKeyAsync(stage));
        using var aes = Aes.Create();
        byte[] wrapped = [.. platform.Encrypt(aes.Key, RSAEncryptionPadding.OaepSHA256),
            .. aes.EncryptKeyWrapPadded(key.ExportPkcs8PrivateKey())];
        await stage.Kube.Api<Secret>().ApplyAsync(
            new Secret
            {
                Metadata = new ObjectMeta { Name = "key-import", Namespace = ns },
                Data = new Dictionary<string, byte[]>
                {
                    ["wrappedKey"] = wrapped,
                    ["keyHash"] = Encoding.ASCII.GetBytes(
                        Convert.ToBase64String(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))),
                },
            },
            "test", CancellationToken.None);
    }

    public void Dispose() => key.Dispose();

    public static async Task<string> PublicKeyAsync(Stage stage)
    {
        for (var until = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(90);
            TimeProvider.System.GetUtcNow() < until; await Task.Delay(50))
        {
            var map = await stage.Kube.Api<ConfigMap>()
                .TryGetAsync(PublicHalf.Address(new WrappingOptions { Namespace = Stage.SystemNamespace }),
                    CancellationToken.None);
            if (map?.Data?.GetValueOrDefault(PublicHalf.KeyEntry) is { } pem)
            {
                return pem;
            }
        }

        throw new TimeoutException("the platform's public key is not published");
    }
}
