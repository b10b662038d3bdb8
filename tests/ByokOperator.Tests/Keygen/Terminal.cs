using System.Diagnostics;
using System.Text;
using Cluster.Tests.Primitives;

namespace ByokOperator.Tests.Keygen;

/// <summary>
/// A person at a terminal: <c>script</c> (util-linux) gives the program one. Types only once the question stands there
/// and the terminal has stopped to echo, as people do; what comes earlier the terminal would show by itself.
/// </summary>
internal static class Terminal
{
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(2);

    /// <summary>Whatever the terminal showed, typed letters included.</summary>
    public static async Task<Ran> ConverseAsync(
        Workbench bench, string command, params (string Question, string Answer)[] answers)
    {
        using var timeout = new CancellationTokenSource(longest);
        using var process = Process.Start(
            new ProcessStartInfo("script",
                ["-qefc", $"tty >terminal; exec {Programs.OperatorPath} {command}", "/dev/null"])
            {
                WorkingDirectory = bench.Folder, RedirectStandardInput = true, RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        try
        {
            var shown = new StringBuilder();
            foreach (var (question, answer) in answers)
            {
                await ShowsAsync(process.StandardOutput, shown, question, timeout.Token);
                await StopsEchoAsync(bench, timeout.Token);
                await process.StandardInput.WriteAsync(answer.AsMemory(), timeout.Token);
                await process.StandardInput.FlushAsync(timeout.Token);
            }

            shown.Append(await process.StandardOutput.ReadToEndAsync(timeout.Token));
            await process.WaitForExitAsync(timeout.Token);
            return new Ran(process.ExitCode, Encoding.UTF8.GetBytes(shown.ToString()), "");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static async Task ShowsAsync(
        StreamReader output, StringBuilder shown, string question, CancellationToken cancellation)
    {
        var from = shown.Length;
        var read = new char[1024];
        while (!shown.ToString(from, shown.Length - from).Contains(question, StringComparison.Ordinal))
        {
            var count = await output.ReadAsync(read, cancellation);
            if (count == 0)
            {
                throw new InvalidOperationException($"ended without asking '{question}': {shown}");
            }

            shown.Append(read, 0, count);
        }
    }

    private static async Task StopsEchoAsync(Workbench bench, CancellationToken cancellation)
    {
        var terminal = Encoding.UTF8.GetString(bench.Read("terminal")).Trim();
        while (!bench.Run("stty", ["-F", terminal, "-a"], []).Text.Split(' ', '\n').Contains("-echo"))
        {
            await Task.Delay(10, cancellation);
        }
    }
}
