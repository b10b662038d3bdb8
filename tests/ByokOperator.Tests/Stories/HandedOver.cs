using System.Security.Cryptography;
using System.Text;
using Byok.Import.Wrapping;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using Quickstart;

namespace ByokOperator.Tests.Stories;

/// <summary>What the vendor's script does: wraps the secret with the platform's public key and hands both over as a
/// Secret.</summary>
internal static class HandedOver
{
    public static async Task UploadAsync(Stage stage, string ns, byte[] secret, byte[]? keyHash = null)
    {
        using var platform = RSA.Create();
        platform.ImportFromPem(await PublicKeyAsync(stage));
        await stage.Kube.Api<Secret>().ApplyAsync(
            new Secret
            {
                Metadata = new ObjectMeta { Name = "key-import", Namespace = ns },
                Data = new Dictionary<string, byte[]>
                {
                    ["wrappedKey"] = platform.Encrypt(secret, RSAEncryptionPadding.OaepSHA256),
                    ["keyHash"] = Encoding.ASCII.GetBytes(Convert.ToBase64String(keyHash ?? SHA256.HashData(secret))),
                },
            },
            "test", CancellationToken.None);
    }

    private static async Task<string> PublicKeyAsync(Stage stage)
    {
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout; TimeProvider.System.GetUtcNow() < until;
            await Task.Delay(50))
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
