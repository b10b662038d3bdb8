using System.Security.Cryptography;
using Byok.Import.Serving;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Tests.Importing;

/// <summary>An API key as the platform makes one: its record in the cluster, the key itself for its holder.</summary>
internal static class EnrolledKey
{
    /// <param name="kube">Of the cluster.</param>
    /// <param name="ns">Where the record goes.</param>
    /// <param name="enterprise">What the key's owner goes by outside.</param>
    /// <param name="key">What may be imported; its namespace stands.</param>
    /// <param name="expiresAt">Null: never.</param>
    public static async Task<string> MakeAsync(
        KubeClient kube, string ns, string enterprise, ObjectKey key, DateTimeOffset? expiresAt = null)
    {
        var made = ApiKey.Make();
        var salt = RandomNumberGenerator.GetBytes(ApiKey.SaltBytes);
        var uid = (await kube.Api<NamespaceObject>()
            .GetAsync(new ObjectKey("", key.Namespace), CancellationToken.None)).Metadata.Uid!;
        var record = new ApiKeyRecord
        {
            Id = made.Id,
            Enterprise = enterprise,
            Key = key,
            NamespaceUid = uid,
            Salt = salt,
            Hash = made.HashWith(salt),
            ExpiresAt = expiresAt,
        };
        await kube.Api<Secret>().CreateAsync(ApiKeySecret.Build(ns, record), CancellationToken.None);
        return made.Reveal();
    }
}
