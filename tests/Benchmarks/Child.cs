using System.Diagnostics;
using System.Globalization;

namespace Benchmarks;

/// <summary>A process of ours: started, measured, ended.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan timeout = TimeSpan.FromSeconds(15);

    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> errors;

    private Child(Process process)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync();
        errors = process.StandardError.ReadToEndAsync();
    }

    public bool IsRunning => !process.HasExited;

    /// <summary>Processor time of all cores so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public double ResidentMiB
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    public static Child Start(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start =
            new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("AWS_CA_BUNDLE");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new Child(Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start"));
    }

    /// <summary>An executable that the build put beside this one.</summary>
    public static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);

    public static bool IsOnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, name)));

    /// <summary>Processor time of all processes of ours that have ended, and of theirs: Linux keeps it for us,
    /// fields 16 and 17.</summary>
    public static TimeSpan CpuOfEnded()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(10
            * (long.Parse(fields[13], CultureInfo.InvariantCulture)
                + long.Parse(fields[14], CultureInfo.InvariantCulture)));
    }

    /// <summary>Waits for its end; throws what it said when that was not a success.</summary>
    public async Task SucceedAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{process.StartInfo.FileName} ended with {process.ExitCode}: {await errors}{await output}");
        }
    }

    /// <summary>Asks it to end, as a node does, and waits until it has.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        using var signal = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await signal.WaitForExitAsync(cancellation);
        await SucceedAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(timeout, CancellationToken.None);
        }

        process.Dispose();
    }
}
