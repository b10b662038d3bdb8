using Byok.Import.Wrapping;
using Byok.Material;
using Kube.Core;

namespace Byok.Import.Requests;

/// <summary>One key pair that was handed out for one import, as its record in the cluster says.
/// Holds nothing secret that is open.</summary>
public sealed record ImportRequest
{
    /// <summary>How the tenant is to wrap, in KMS's own words.</summary>
    public const string Algorithm = "RSAES_OAEP_SHA_256";

    /// <summary>Annotation of a Secret with a wrapped key:
    /// the import request whose public key it was wrapped with.</summary>
    public const string Annotation = "byok.dev/import-request";

    /// <summary>An upload that fails may be tried again this often in all;
    /// after that the pair is worth nothing to whoever plays with it.</summary>
    public const int MostFailures = 5;

    /// <summary>Of the record, for preconditions.</summary>
    public required ObjectMeta Metadata { get; init; }

    public required string Id { get; init; }

    /// <summary>The TenantEncryptionKey that this is for, and no other.</summary>
    public required ObjectKey For { get; init; }

    public required string PublicKeyPem { get; init; }

    public required byte[] TokenHash { get; init; }

    public required byte[] EncryptedPair { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public int Failures { get; init; }

    /// <summary>When an upload was accepted: there is no second one.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>SHA-256 of the ciphertext that was accepted, so that its own repetition is known.</summary>
    public byte[]? UsedFor { get; init; }

    /// <summary>What the sealed pair is bound to.</summary>
    public static string Binding(ObjectKey key, string id) =>
        $"byok.dev/import-request\n{key.Namespace}\n{key.Name}\n{id}";

    /// <summary>Takes an upload now.</summary>
    public bool IsOpenAt(DateTimeOffset now) => UsedAt is null && Failures < MostFailures && now < ExpiresAt;

    /// <summary>The private half, where one of these keys opens it; the caller disposes of it.</summary>
    public WrappingKey? Decrypt(IReadOnlyList<PlatformKey> keys) =>
        PairEncryption.Decrypt(keys, EncryptedPair, Binding(For, Id)) is { } pair
            ? new WrappingKey(Id, pair, ExpiresAt)
            : null;

    public override string ToString() => $"import request {Id} for {For}";
}
