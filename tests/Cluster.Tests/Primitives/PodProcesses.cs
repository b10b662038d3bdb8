using System.Globalization;

namespace Cluster.Tests.Primitives;

/// <summary>The processes of a pod on a node that is this machine:
/// to kill a container's program as a crash does.</summary>
public static class PodProcesses
{
    /// <summary>SIGKILL to all of them but the one that holds the pod's namespaces;
    /// gives how many there were.</summary>
    public static async Task<int> KillAsync(string podUid)
    {
        var found = Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Where(id => Read($"/proc/{id}/cgroup").Contains($"pod{podUid}", StringComparison.Ordinal))
            .Where(id => !Read($"/proc/{id}/cmdline").StartsWith("/pause", StringComparison.Ordinal))
            .ToList();
        if (found.Count > 0)
        {
            await Command.RunAsync("kill", ["-9", .. found!]);
        }

        return found.Count;
    }

    /// <summary>Empty for a process that has gone meanwhile.</summary>
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
