using System.Diagnostics;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>What README tells a newcomer to run, as he runs it.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class QuickstartTests
{
    private static readonly TimeSpan promised = TimeSpan.FromMinutes(1);

    [Fact(Timeout = LastResort.Story)]
    public async Task The_quick_start_ends_well_within_a_minute()
    {
        var start = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(
            new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            var took = TimeProvider.System.GetElapsedTime(start);
            process.ExitCode.ShouldBe(0, $"{await output}\n{await error}");
            TestContext.Current.SendDiagnosticMessage($"the quick start took {took.TotalSeconds:0.0} s; {Load.Now}");
            took.ShouldBeLessThanOrEqualTo(promised, await output);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Built beside these tests, in the same configuration.</summary>
    private static string Program
    {
        get
        {
            var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            var configuration = framework.Parent!;
            var root = configuration.Parent!.Parent!.Parent!.Parent!.FullName;
            return Path.Combine(root, "examples", "Quickstart", "bin", configuration.Name, framework.Name,
                "Quickstart");
        }
    }
}
