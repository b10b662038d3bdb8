using Cloud.Keys;
using Cloud.Stores;

namespace Byok.Copying;

/// <summary>What a receipt has to vouch for.</summary>
public sealed record ReceiptOrder
{
    public required string SpecHash { get; init; }

    public required string FenceToken { get; init; }

    /// <summary>The delta run's.</summary>
    public required string Fingerprint { get; init; }

    public required int Shards { get; init; }

    public required SharedRef Source { get; init; }

    public required StoreRef Target { get; init; }

    /// <summary>What the copies stand under.</summary>
    public required KeyRef Key { get; init; }

    /// <summary>Where manifests stand, and the receipt is to; null where that is the target.</summary>
    public StoreRef? Marks { get; init; }

    /// <summary>What the receipt is written under; null where that is the copies' key.</summary>
    public KeyRef? MarksKey { get; init; }

    /// <summary>Of the receipt.</summary>
    public string Name { get; init; } = MarkNames.Receipt;

    public string? MaterialId { get; init; }
}
