using Cloud.Keys;
using Cloud.Stores;

namespace ByokOperator.Copying;

/// <summary>What a receipt has to vouch for.</summary>
internal sealed record ReceiptOrder
{
    public required string SpecHash { get; init; }

    public required string FenceToken { get; init; }

    /// <summary>The delta run's.</summary>
    public required string Fingerprint { get; init; }

    public required int Shards { get; init; }

    public required SharedRef Source { get; init; }

    public required StoreRef Target { get; init; }

    public required KeyRef Key { get; init; }

    public string? MaterialId { get; init; }
}
