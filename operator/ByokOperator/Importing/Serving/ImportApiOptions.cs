using ByokOperator.Importing.Requests;
using ByokOperator.Importing.Wrapping;

namespace ByokOperator.Importing.Serving;

/// <summary>What the import API is told at its start.</summary>
internal sealed record ImportApiOptions
{
    public required ServingOptions Serving { get; init; }

    public required RequestOptions Requests { get; init; }

    public required WrappingOptions Wrapping { get; init; }

    /// <summary>Key pairs kept ready.</summary>
    public int KeyPool { get; init; } = 8;
}
