using Byok.Import.Requests;
using Byok.Import.Wrapping;
using Byok.Material;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Keys;

/// <summary>Reads the Secret that a tenant handed over, each time anew,
/// and opens it in memory that is wiped when its owner is done.</summary>
internal sealed class UploadReader(OperatorContext around, IWrappingKeys platform, IImportRequests requests)
{
    /// <summary>Whether what stands there is good; the material is wiped before this returns.</summary>
    public Task<Fact<Upload>> LookAsync(TenantEncryptionKey key, Glance glance) =>
        glance.OfAsync<Upload>(async cancellation =>
        {
            var secret = await ReadAsync(key, cancellation);
            var version = secret?.Metadata.ResourceVersion ?? "";
            switch (await OpenAsync(key, secret, cancellation))
            {
                case OpenedMaterial.Opened opened:
                    using (opened.Material)
                    {
                        return new Upload.Ready(FingerprintOf(opened.Material)) { Version = version };
                    }

                case OpenedMaterial.PassedOn passed:
                    return new Upload.Ready(FingerprintOf(passed)) { Version = version };

                case OpenedMaterial.Refused refused:
                    return new Upload.Refused(refused.Code, refused.Message) { Version = version };
                default:
                    return new Upload.Absent(
                        $"put the wrapped key into Secret {WrappedKeyReference.Of(key).SecretName}, entries "
                            + $"{WrappedKeyReference.Of(key).WrappedKey} and {WrappedKeyReference.Of(key).KeyHash}");
            }
        });

    /// <summary>Null where nothing was handed over. Whoever receives material disposes it.</summary>
    public async Task<OpenedMaterial?> OpenAsync(TenantEncryptionKey key, CancellationToken cancellation) =>
        await OpenAsync(key, await ReadAsync(key, cancellation), cancellation);

    private async Task<OpenedMaterial?> OpenAsync(
        TenantEncryptionKey key, Secret? secret, CancellationToken cancellation)
    {
        var place = WrappedKeyReference.Of(key);
        if (secret?.Data?.GetValueOrDefault(place.WrappedKey) is not { } wrapped)
        {
            return null;
        }

        if (key.Spec.Imported?.Azure is not null && TransferBlob.IsMeant(wrapped))
        {
            return PassedOn(wrapped);
        }

        var hash = secret.Data.GetValueOrDefault(place.KeyHash) is { } bytes
            ? System.Text.Encoding.ASCII.GetString(bytes).Trim() : null;
        if (hash is null && key.Spec.Imported?.Wrapping == WrappingModes.Platform)
        {
            return new OpenedMaterial.Refused(RefusalCodes.HashMissing,
                $"Secret {place.SecretName} has no entry {place.KeyHash}: add the base64 SHA-256 of the secret, as "
                    + "`byok-operator key hash` prints it");
        }

        var keys = key.Spec.Imported?.Wrapping == WrappingModes.ImportRequest
            ? await requests.OpenersAsync(key.Metadata.Key, RequestOf(secret), cancellation)
            : await platform.OpenersAsync(cancellation);
        try
        {
            return keys.Count > 0
                ? MaterialOpener.Open(keys, wrapped, hash, key.Spec.Imported?.AllowLegacyWrapping == true, KindOf(key))
                : new OpenedMaterial.Refused(RefusalCodes.WrappingKeyExpired,
                    "the public key that this was wrapped with is not in use any more: fetch the current one and wrap "
                        + "the secret again");
        }
        finally
        {
            foreach (var one in keys)
            {
                one.Dispose();
            }
        }
    }

    private static OpenedMaterial PassedOn(byte[] content) => TransferBlob.Read(content) switch
    {
        ({ } blob, _) => new OpenedMaterial.PassedOn(content, blob.Digest),
        (_, var fault) =>
            new OpenedMaterial.Refused(RefusalCodes.TransferBlobInvalid,
                $"the transfer blob can't be passed on, {fault}: make it anew with the HSM vendor's tool, for an "
                    + "exchange key of that vault"),
    };

    /// <summary>The private half that opened this upload goes from the cluster:
    /// after that only the tenant can hand the key over again.</summary>
    public async Task ForgetRequestAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        if (key.Spec.Imported?.Wrapping == WrappingModes.ImportRequest
            && await ReadAsync(key, cancellation) is { } secret
            && RequestOf(secret) is { } id)
        {
            await requests.ForgetAsync(key.Metadata.Key, id, cancellation);
        }
    }

    /// <summary>Hexadecimal; the same for the same material everywhere.</summary>
    public static string FingerprintOf(KeyMaterial material) => MaterialFingerprint.Of(material.Hash());

    /// <summary>A blob shows nothing of what is in it, so it is the blob that has to be handed over again.</summary>
    public static string FingerprintOf(OpenedMaterial.PassedOn passed) =>
        MaterialFingerprint.Of(Convert.FromHexString(passed.Digest));

    /// <summary>Where the key's upload belongs.</summary>
    public static ObjectKey AddressOf(TenantEncryptionKey key) =>
        new(key.Metadata.Namespace ?? "", WrappedKeyReference.Of(key).SecretName);

    private Task<Secret?> ReadAsync(TenantEncryptionKey key, CancellationToken cancellation) =>
        around.Kube.Api<Secret>().TryGetAsync(AddressOf(key), cancellation);

    private static MaterialKind KindOf(TenantEncryptionKey key) =>
        key.Spec.Imported?.Azure is null ? MaterialKind.Symmetric256 : MaterialKind.RsaPrivate;

    private static string? RequestOf(Secret secret) =>
        secret.Metadata.Annotations?.GetValueOrDefault(ImportRequest.Annotation);

    /// <summary>What stands there now, if it is the very upload that was decided on;
    /// wiped before this returns.</summary>
    public async Task UseAsync(
        TenantEncryptionKey key, string fingerprint, Func<ReadOnlyMemory<byte>, Task> use,
        CancellationToken cancellation)
    {
        switch (await OpenAsync(key, cancellation))
        {
            case OpenedMaterial.Opened opened:
                using (opened.Material)
                {
                    Demand(FingerprintOf(opened.Material), fingerprint);
                    await use(opened.Material.Memory);
                }

                break;
            case OpenedMaterial.PassedOn passed:
                Demand(FingerprintOf(passed), fingerprint);
                await use(passed.Content);
                break;
            default:
                throw new RefusedActException("UploadChanged",
                    "what was handed over is not there any more, or no longer good");
        }
    }

    private static void Demand(string stands, string wanted)
    {
        if (stands != wanted)
        {
            throw new RefusedActException("UploadChanged", "another secret was handed over meanwhile");
        }
    }
}
