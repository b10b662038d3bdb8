using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Cluster.Tests.Primitives;

/// <summary>A program in the background, with its log kept and the signals that end, pause and wake it.
/// Disposing kills it.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;
    private const int Terminate = 15;

    private readonly ProcessStartInfo how;
    private readonly int? again;
    private readonly StringBuilder log = new();
    private readonly Lock one = new();
    private Process process;
    private bool isEnding;

    private ChildProcess(ProcessStartInfo how, int? again)
    {
        (this.how, this.again) = (how, again);
        process = Begin();
    }

    public int Id => process.Id;

    public bool HasExited
    {
        get
        {
            lock (one)
            {
                return process.HasExited && (isEnding || process.ExitCode != again);
            }
        }
    }

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

    /// <param name="program">Its file.</param>
    /// <param name="arguments">Of its command line.</param>
    /// <param name="environment">Beside what this process has.</param>
    /// <param name="again">The exit code after which it is started again, as a kubelet would; null: none.</param>
    public static ChildProcess Start(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        int? again = null)
    {
        var start =
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new(start, again);
    }

    /// <summary>SIGKILL: no code of it runs any more.</summary>
    public async Task KillAsync()
    {
        var last = Last();
        last.Kill();
        await last.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it holds its connections and its beliefs, and time passes.</summary>
    public void Pause() => Signal(Stop);

    /// <summary>SIGCONT.</summary>
    public void Wake() => Signal(Continue);

    /// <summary>SIGTERM, as a kubelet asks; gives the exit code.</summary>
    public async Task<int> EndAsync()
    {
        _ = Last();
        Signal(Terminate);
        return await ExitCodeAsync();
    }

    public async Task<int> ExitCodeAsync()
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(LastResort.Timeout);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"{process.ProcessName} did not end within {LastResort.Timeout.TotalSeconds:0} s; it said:\n{Log}");
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

            return HasExited ? throw new TimeoutException($"the process ended with {process.ExitCode}:\n{said}")
                : Task.FromResult<string?>(said);
        });

    public async ValueTask DisposeAsync()
    {
        if (!Last().HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private Process Begin()
    {
        var begun = new Process { StartInfo = how, EnableRaisingEvents = again is not null };
        begun.OutputDataReceived += (_, line) => Keep(line.Data);
        begun.ErrorDataReceived += (_, line) => Keep(line.Data);
        begun.Exited += (_, _) => Exited(begun);
        begun.Start();
        begun.BeginOutputReadLine();
        begun.BeginErrorReadLine();
        return begun;
    }

    private void Exited(Process ended)
    {
        lock (one)
        {
            if (!isEnding && ended.ExitCode == again)
            {
                Keep($"-- ended with {again}, and is started again");
                process = Begin();
                ended.Dispose();
            }
        }
    }

    /// <summary>The one that is not started again.</summary>
    private Process Last()
    {
        lock (one)
        {
            isEnding = true;
            return process;
        }
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
            throw new InvalidOperationException(
                $"signal {signal} to {process.Id} failed with {Marshal.GetLastPInvokeError()}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
