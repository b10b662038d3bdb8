using System.Security.Cryptography;
using Kube.Core;

namespace Byok.Import.Serving;

/// <summary>What an API key may: import into one TenantEncryptionKey,
/// which outside goes by one enterprise id.</summary>
public sealed record ApiKeyRecord
{
    private static readonly byte[] nobodysSalt = new byte[ApiKey.SaltBytes];

    public required string Id { get; init; }

    /// <summary>As in <c>/!/ems/enterprises/{eid}/…</c>.</summary>
    public required string Enterprise { get; init; }

    public required ObjectKey Key { get; init; }

    /// <summary>Of the key's namespace: another one that has its name some day is not this tenant's.</summary>
    public required string NamespaceUid { get; init; }

    /// <summary>Null: until it is deleted.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public required byte[] Salt { get; init; }

    public required byte[] Hash { get; init; }

    /// <summary>The same work in the same time whether the key has a record or not.</summary>
    public static bool Admits(ApiKeyRecord? record, ApiKey shown, DateTimeOffset now) =>
        CryptographicOperations.FixedTimeEquals(shown.HashWith(record?.Salt ?? nobodysSalt), record?.Hash
            ?? nobodysSalt)
        && record is not null && !(record.ExpiresAt <= now);

    public override string ToString() => $"API key {Id} of {Enterprise} for {Key}";
}
