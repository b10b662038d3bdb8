using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Smoke;

/// <summary>What the suites do to processes has the effect that they rely on.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task A_paused_process_says_nothing_until_it_is_woken()
    {
        await using var process =
            ChildProcess.Start("/bin/sh", ["-c", "trap 'echo asked' USR1; echo ready; while :; do sleep 0.01; done"]);
        await process.SaysAsync("ready");
        process.Pause();
        await StateAsync(process, 'T');
        (await Command.RunAsync("/bin/sh", ["-c", $"kill -USR1 {process.Id}"])).Require();
        process.Log.ShouldNotContain("asked");
        process.Wake();
        await process.SaysAsync("asked");
    }

    [Fact]
    public async Task An_early_end_is_told_with_what_was_said()
    {
        await using var process = ChildProcess.Start("/bin/sh", ["-c", "echo no such bucket; exit 3"]);
        (await process.ExitCodeAsync()).ShouldBe(3);
        (await Should.ThrowAsync<TimeoutException>(() => process.SaysAsync("ready"))).Message
            .ShouldContain("no such bucket");
    }

    [Fact]
    public async Task A_killed_process_runs_no_trap()
    {
        await using var process = ChildProcess.Start("/bin/sh",
            ["-c", "trap 'echo goodbye' EXIT TERM; echo ready; while :; do sleep 0.01; done"]);
        await process.SaysAsync("ready");
        await process.KillAsync();
        process.Log.ShouldNotContain("goodbye");
    }

    [Fact]
    public async Task LocalCloud_starts_and_says_where()
    {
        await using var cloud = await LocalCloudProcess.StartAsync();
        cloud.Url.IsLoopback.ShouldBeTrue();
    }

    private static Task StateAsync(ChildProcess process, char state) => Until.TrueAsync(
        $"process {process.Id} is in state {state}",
        async () =>
            (await File.ReadAllTextAsync($"/proc/{process.Id}/stat"))
                .Contains($") {state} ", StringComparison.Ordinal));

    [Fact]
    public async Task A_process_that_ends_with_a_certain_code_is_started_again_until_it_is_told_to_end()
    {
        var flag = Path.Combine(Path.GetTempPath(), $"byok-again-{Guid.NewGuid():N}");
        try
        {
            await using var process = ChildProcess.Start("/bin/sh",
                ["-c", $"[ -e {flag} ] || {{ touch {flag}; exit 75; }}; echo again; while :; do sleep 0.01; done"],
                again: 75);

            await process.SaysAsync("again");

            process.HasExited.ShouldBeFalse();
        }
        finally
        {
            File.Delete(flag);
        }
    }
}
