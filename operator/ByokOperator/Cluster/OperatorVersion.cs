using System.Reflection;

namespace ByokOperator.Cluster;

internal static class OperatorVersion
{
    private static readonly string[] built =
        (typeof(OperatorVersion).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
                ?? "0.0.0").Split('+', 2);

    /// <summary>As the build was given it, without the commit.</summary>
    public static string Current => built[0];

    /// <summary>Full, hexadecimal; null where it was built outside of a git checkout and not told.</summary>
    public static string? Commit => built.ElementAtOrDefault(1);

    public static string Full => $"{Current} (commit {Commit ?? "unknown: it was built outside of a git checkout"})";
}
