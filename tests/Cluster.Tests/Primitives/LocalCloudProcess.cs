namespace Cluster.Tests.Primitives;

/// <summary>A cloud of the test's own on loopback, which pods with <c>hostNetwork</c> reach too.
/// Disposing ends it.</summary>
public sealed class LocalCloudProcess : IAsyncDisposable
{
    private LocalCloudProcess(ChildProcess process, Uri url) => (Process, Url) = (process, url);

    public ChildProcess Process { get; }

    public Uri Url { get; }

    /// <summary>What the AWS SDKs read to speak to it instead of AWS.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["AWS_ENDPOINT_URL_S3"] = Url.AbsoluteUri,
        ["AWS_ENDPOINT_URL_KMS"] = Url.AbsoluteUri,
        ["AWS_ENDPOINT_URL_STS"] = Url.AbsoluteUri,
    };

    /// <summary>The first line that the program says is where it listens.</summary>
    public static async Task<LocalCloudProcess> StartAsync()
    {
        var process = Programs.StartLocalCloud();
        await process.SaysAsync("http://");
        var line = process.Log.Split('\n').First(said => said.StartsWith("http://", StringComparison.Ordinal));
        return new(process, new Uri(line.Trim()));
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
