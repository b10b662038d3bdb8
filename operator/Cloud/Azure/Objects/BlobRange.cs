using System.Globalization;

namespace Cloud.Azure.Objects;

/// <summary>First and last byte, both included.</summary>
internal readonly record struct BlobRange(long First, long Last)
{
    /// <summary>As a header says it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"bytes={First}-{Last}");
}
