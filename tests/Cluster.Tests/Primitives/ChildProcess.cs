using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Cluster.Tests.Primitives;

/// <summary>A program in the background, with its log kept and the signals that end, pause and wake it. Disposing kills it.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;
    private const int Terminate = 15;

    private readonly Process process;
    private readonly StringBuilder log = new();

    private ChildProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Both outputs so far, line by line.</summary>
    public string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    public static ChildProcess Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"));
    }

    /// <summary>SIGKILL: no code of it runs any more.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it holds its connections and its beliefs, and time passes.</summary>
    public void Pause() => Signal(Stop);

    /// <summary>SIGCONT.</summary>
    public void Wake() => Signal(Continue);

    /// <summary>SIGTERM, as a kubelet asks; gives the exit code.</summary>
    public async Task<int> EndAsync()
    {
        Signal(Terminate);
        return await ExitCodeAsync();
    }

    public async Task<int> ExitCodeAsync()
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(LastResort.Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{process.ProcessName} did not end within {LastResort.Patience.TotalSeconds:0} s; it said:\n{Log}");
        }

        return process.ExitCode;
    }

    /// <summary>Waits until a line of the log contains the text; an early end fails with the whole log.</summary>
    public Task SaysAsync(string text) =>
        Until.HoldsAsync($"a process says '{text}'", () =>
        {
            var said = Log;
            if (said.Contains(text, StringComparison.Ordinal))
            {
                return Task.FromResult<string?>(null);
            }

            return HasExited ? throw new TimeoutException($"the process ended with {process.ExitCode}:\n{said}") : Task.FromResult<string?>(said);
        });

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (log)
        {
            log.AppendLine(line);
        }
    }

    private void Signal(int signal)
    {
        if (Kill(process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"signal {signal} to {process.Id} failed with {Marshal.GetLastPInvokeError()}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
