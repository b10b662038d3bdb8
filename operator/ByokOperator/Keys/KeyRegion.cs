using System.Security.Cryptography;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>One region's key as seen in this look.</summary>
internal sealed record KeyRegion
{
    public required string Region { get; init; }

    /// <summary>
    /// As the spec names it, or as the clouds know what was imported; seen as null where nothing was ever made, blind
    /// where neither the cloud nor the record could say.
    /// </summary>
    public required Fact<string?> KeyId { get; init; }

    /// <summary>No key was ever made here, so there is no answer to wait for and no clock to run.</summary>
    public bool IsAwaited => KeyId is { Blindness: null } id && id.ForDisplay() is null && Canary.Blindness is null;

    /// <summary>
    /// Blind when the stored canary could not be read and the key was not refused (a proof without it would mint
    /// another one and prove nothing), nothing was asked yet, or asking failed in a way that nobody knows: that is not
    /// to know, and its clock runs too. A spec too wrong to ask with answers Unknown, so that the clock runs.
    /// </summary>
    public required Fact<KeyAnswer> Answer { get; init; }

    /// <summary>What stands in the vault, where versions wait for their confirmation; seen as null where they don't, or
    /// the vault does not tell it.</summary>
    public Fact<string?> NewestVersion { get; init; } = Fact.Seen<string?>(null);

    /// <summary>What stores were let under last, as recorded;
    /// seen as null where no rotation was accepted yet.</summary>
    public Fact<string?> AcceptedVersion { get; init; } = Fact.Seen<string?>(null);

    /// <summary>Seen as null where none is stored.</summary>
    public required Fact<StoredCanary?> Canary { get; init; }

    /// <summary>When a key that the tenant keeps ends by itself; seen as null where it does not. A warning,
    /// and nothing else, depends on it.</summary>
    public Fact<DateTimeOffset?> EndsAt { get; init; } = Fact.Blind<DateTimeOffset?>("NotLooked");

    public required Fact<DateTimeOffset?> UnknownSince { get; init; }

    public required Fact<DateTimeOffset?> RevokedSince { get; init; }

    /// <summary>When it first proved itself, for notices; seen as null where it never did.</summary>
    public Fact<DateTimeOffset?> ProvedAt { get; init; } = Fact.Seen<DateTimeOffset?>(null);

    /// <summary>The last revocation that is over, for notices; seen as null where there was none.</summary>
    public Fact<KeyRecordSpan?> LastRevocation { get; init; } = Fact.Seen<KeyRecordSpan?>(null);
}

/// <summary>The canary that stands for a region: which key made it, under which material, and its digest.</summary>
internal sealed record StoredCanary(string KeyId, string? MaterialId, string Digest)
{
    public static StoredCanary Of(Canary canary) =>
        new(canary.KeyId, canary.MaterialId, Convert.ToHexStringLower(SHA256.HashData(canary.Ciphertext.Span)));

    public KeyPin Pin => new(KeyId, MaterialId, Digest);
}
