using System.Diagnostics.Metrics;

namespace Byok.Import;

/// <summary>The meter of what imports measure.</summary>
public static class ImportMeter
{
    public const string Name = "Byok.Import";

    internal static Meter Meter { get; } = new(Name);
}
