using System.Diagnostics;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Policies;

/// <summary>An evaluator of AWS policies that nobody of this project wrote: one process judges all cases.</summary>
public sealed class IamJudge : IAsyncLifetime
{
    private readonly Dictionary<string, string> verdicts = [];

    public string this[PolicyCase asked] => verdicts[asked.Name];

    public async ValueTask InitializeAsync()
    {
        var program = Environment.GetEnvironmentVariable("BYOK_TEST_IAM_JUDGE");
        program.ShouldNotBeNullOrEmpty();
        using var node = Process.Start(new ProcessStartInfo("node", program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = node.StandardOutput.ReadToEndAsync();
        var error = node.StandardError.ReadToEndAsync();
        await node.StandardInput.WriteAsync(
            new JsonArray([.. PolicyCases.All.Select(one => one.Simulation())]).ToJsonString());
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        node.ExitCode.ShouldBe(0, await error);
        foreach (var (asked, verdict) in PolicyCases.All.Zip(JsonNode.Parse(await output)!.AsArray()))
        {
            verdicts.Add(asked.Name, (string)verdict!);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
