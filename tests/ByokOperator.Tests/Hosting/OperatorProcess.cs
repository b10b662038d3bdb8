using System.Diagnostics;
using Cluster.Tests.Primitives;
using LocalCloud;

namespace ByokOperator.Tests.Hosting;

/// <summary>The real binary in a process of its own, with the embedded cloud around it.</summary>
internal sealed class OperatorProcess : IDisposable
{
    private readonly Process process;

    private OperatorProcess(Process process) => this.process = process;

    public static OperatorProcess Start(
        LocalCloudServer cloud, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Programs.OperatorPath, arguments);
        var own = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = LocalCloudAccounts.OperatorAccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = LocalCloudAccounts.OperatorSecret,
            ["AWS_REGION"] = Quickstart.Stage.Region,
            ["AWS_ENDPOINT_URL"] = cloud.Url.ToString(),
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["BYOK_AWS_OPERATOR_ROLE_ARN"] = LocalCloudAccounts.OperatorRole,
        };
        foreach (var (name, value) in own.Concat(environment))
        {
            start.Environment[name] = value;
        }

        return new OperatorProcess(Process.Start(start)!);
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public async Task TerminateAsync()
    {
        using var kill = Process.Start("/bin/kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> ExitCodeAsync()
    {
        await process.WaitForExitAsync().WaitAsync(LastResort.Timeout);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }
}
