using System.Globalization;

namespace Cluster.Tests.Primitives;

/// <summary>How much of something a run wants: <c>tests/run.sh</c> takes the usual number,
/// <c>tests/soak.sh</c> asks for the whole.</summary>
public static class Asked
{
    public static int For(string variable, int usually) => (int)For(variable, (long)usually);

    public static long For(string variable, long usually) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture,
            out var asked) ? asked : usually;
}
