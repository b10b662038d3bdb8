using System.Text.Json.Serialization;
using Cloud.Keys;
using Cloud.Stores;

namespace ByokOperator.Records;

/// <summary>
/// That a store's data goes back to its shared place: by whose word, encrypted how, and how far it is. Written ahead of
/// anything that is done there, and on record instead of beside the data:
/// what stands there goes before the last word of it is needed.
/// </summary>
/// <param name="Consent">What the annotation said: <c>store/key</c>.</param>
internal sealed record StoreReturn(string Consent)
{
    /// <summary>What an account on Azure says that is under a key in a vault.</summary>
    private const string AccountVault = "Microsoft.Keyvault";

    /// <summary>Token of the fence on the shared place, behind which that was seen to be empty;
    /// null until it was.</summary>
    public string? Hold { get; init; }

    /// <summary>What the place's default was then, in the cloud's spelling.</summary>
    public string? Encryption { get; init; }

    /// <summary>The same, by full id; null where the encryption needs no key.</summary>
    public string? KeyId { get; init; }

    /// <summary>The same.</summary>
    public bool BucketKey { get; init; }

    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>Digest of the receipt that readers are switched on; null before.</summary>
    public string? Receipt { get; init; }

    /// <summary>From then on the shared place may hold newer data than the store; null before.</summary>
    public DateTimeOffset? ServedAt { get; init; }

    /// <summary>When nothing of the data was left in the store; null before.</summary>
    public DateTimeOffset? RetiredAt { get; init; }

    /// <summary>What copies are ordered and proved under.</summary>
    [JsonIgnore]
    public string OrderedUnder => KeyId ?? Encryption ?? "";

    /// <summary>Null for a default that copies can be told to be written under; else what has to become of it,
    /// for people.</summary>
    public static string? Fault(string? encryption, string? keyId) => (encryption, keyId) switch
    {
        (KeyRef.StoreManaged or KeyRef.AccountManaged, null) => null,
        (AccountVault, { } url) when url.StartsWith("https://", StringComparison.Ordinal)
            && url.Split('/') is [_, _, _, "keys", { Length: > 0 }] => null,
        _ when SharedDefault.IsScope(encryption) =>
            $"its container puts what is written there under {encryption}: make its default scope the account's own "
                + $"encryption",
        ("aws:kms", { } arn) when arn.StartsWith("arn:", StringComparison.Ordinal)
            && arn.Contains(":key/", StringComparison.Ordinal) => null,
        _ =>
            $"its default encryption is {encryption ?? "not to be seen"}{(keyId is null ? "" : $" under {keyId}")}, "
                + "by which nobody could prove what a copy stands under:"
                + $" make it {KeyRef.StoreManaged}, or aws:kms with a key by its full ARN",
    };
}
