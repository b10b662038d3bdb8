using System.Reflection;

namespace ByokOperator.Hosting;

internal static class OperatorVersion
{
    /// <summary>As the build was given it, without the commit.</summary>
    public static string Current { get; } =
        typeof(OperatorVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
