using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MaterialProbe;

/// <summary>A full core dump of another .NET process, taken by the runtime's own tool.
/// The file goes when this is disposed.</summary>
public sealed class CoreDump : IDisposable
{
    private readonly string file;

    private CoreDump(string file) => this.file = file;

    /// <summary>Ships with the shared runtime.</summary>
    private static string Tool => Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "createdump");

    public static bool CanBeTaken => File.Exists(Tool);

    public static async Task<CoreDump> TakeAsync(int processId, CancellationToken cancellation)
    {
        var dump = new CoreDump(Path.Combine(Path.GetTempPath(), $"byok-core-{Guid.NewGuid():N}"));
        using var tool = Process.Start(
            new ProcessStartInfo(Tool, ["--full", .. Kind(processId), "--name", dump.file, $"{processId}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var said = await Task.WhenAll(tool.StandardOutput.ReadToEndAsync(cancellation),
            tool.StandardError.ReadToEndAsync(cancellation));
        await tool.WaitForExitAsync(cancellation);
        return tool.ExitCode == 0 ? dump
            : throw new InvalidOperationException($"no dump was taken: {string.Concat(said)}");
    }

    /// <summary>The tool looks for the runtime's library, and a program that was compiled ahead has none.</summary>
    private static string[] Kind(int processId) =>
        File.ReadLines($"/proc/{processId}/maps").Any(line => line.EndsWith("/libcoreclr.so", StringComparison.Ordinal))
            ? [] : ["--nativeaot"];

    /// <returns>How many bytes were searched, and how often each pattern was found, in their order.</returns>
    public (long Bytes, IReadOnlyList<int> Hits) Search(IReadOnlyList<byte[]> patterns)
    {
        var sought = new Sought(patterns);
        using var content = File.OpenHandle(file);
        sought.Search(0, RandomAccess.GetLength(content), (buffer, at) => RandomAccess.Read(content, buffer, at));
        return (sought.Bytes, sought.Hits);
    }

    public void Dispose() => File.Delete(file);
}
