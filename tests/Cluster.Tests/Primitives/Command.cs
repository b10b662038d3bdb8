using System.Diagnostics;

namespace Cluster.Tests.Primitives;

/// <summary>Runs one program to its end, with both of its outputs kept.</summary>
public static class Command
{
    /// <summary>No program that the tests call takes longer on purpose; a hang becomes a failure with a name.</summary>

    public static async Task<CommandResult> RunAsync(
        string program, IReadOnlyList<string> arguments, string? input = null, CancellationToken cancellation = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LastResort.Timeout);
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"{program} did not start");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new(string.Join(' ', [program, .. arguments]), process.ExitCode, await output, await error);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
