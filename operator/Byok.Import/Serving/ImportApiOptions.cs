using System.Security.Cryptography;
using Byok.Import.Requests;
using Byok.Import.Wrapping;

namespace Byok.Import.Serving;

/// <summary>What the import API is told at its start.</summary>
public sealed record ImportApiOptions
{
    public required ServingOptions Serving { get; init; }

    public required RequestOptions Requests { get; init; }

    public required WrappingOptions Wrapping { get; init; }

    /// <summary>Key pairs kept ready.</summary>
    public int KeyPool { get; init; } = 8;

    /// <summary>Where key pairs come from; made anew where nothing is said.</summary>
    public Func<RSA>? KeyPairs { get; init; }
}
