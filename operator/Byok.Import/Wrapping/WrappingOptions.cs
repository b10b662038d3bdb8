using Byok.Material;

namespace Byok.Import.Wrapping;

/// <summary>Which wrapping key is this operator's, and how long one is used.</summary>
public sealed record WrappingOptions
{
    /// <summary>The share of the validity before its end in which a successor is handed out,
    /// and after its end in which the key still opens.</summary>
    private const int MarginShare = 12;

    /// <summary>Where the private halves live.</summary>
    public required string Namespace { get; init; }

    /// <summary>Of the region or the platform: a secret wrapped for another one does not open here.</summary>
    public string Name { get; init; } = "platform";

    /// <summary>How long a certificate says it is good for.</summary>
    public TimeSpan Validity { get; init; } = TimeSpan.FromDays(365);

    /// <summary>What the vendors' documents promise. A test may make do with less.</summary>
    public int KeyBits { get; init; } = WrappingKey.PlatformBits;

    /// <summary>A tenant that downloads the certificate has at least this long
    /// until it says that it is no longer good.</summary>
    public TimeSpan RenewBefore => Validity / MarginShare;

    /// <summary>What was wrapped on the last day still opens for this long.</summary>
    public TimeSpan Overlap => Validity / MarginShare;
}
