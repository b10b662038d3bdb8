using System.Diagnostics;
using k8s;
using Kube.Client;
using Kube.Core;

namespace Kube.Tests.Client.Kubectl;

/// <summary>Those who are given a kubeconfig and ask for the server's version by it.
/// Each answers with the words of its refusal, or null.</summary>
internal static class Askers
{
    private const string Variable = "BYOK_TEST_HELM";
    private static readonly TimeSpan longestWait = TimeSpan.FromSeconds(60);

    public static string Program => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } helm
        ? Path.Combine(Path.GetDirectoryName(helm)!, "kubectl")
        : throw new InvalidOperationException(
            $"{Variable} names no helm with a kubectl beside it: run tests/run.sh --only Kube.Tests, which brings "
                + "both, or set it");

    public static async Task<string?> KubectlAsync(
        string list, string? context, string home, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Program,
            ["version", "-o", "json", "--request-timeout=60s", .. context is null ? (string[])[]
                : ["--context", context]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
        };
        start.Environment["KUBECONFIG"] = list;
        start.Environment["HOME"] = home;
        foreach (var proxy
            in start.Environment.Keys.Where(name => name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase))
                .ToList())
        {
            start.Environment.Remove(proxy);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = await process.StandardError.ReadToEndAsync(cancellation);
        await output;
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? null : errors.Trim();
    }

    public static async Task<string?> OursAsync(string list, string? context, CancellationToken cancellation)
    {
        try
        {
            using var client = new KubeClient(KubeConfig.LoadList(list, context),
                new KubeClientOptions { MaxAttempts = 1, RequestTimeout = longestWait });
            await client.GetServerVersionAsync(cancellation);
            return null;
        }
        catch (Exception refused) when (refused is KubeConfigException or KubeException)
        {
            return refused.Message;
        }
    }

    /// <summary>The official client as its own page says: configuration from a file,
    /// client from the configuration.</summary>
    public static async Task<string?> OfficialAsync(string file, string? context, CancellationToken cancellation)
    {
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(longestWait);
            using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(file, context));
            await client.Version.GetCodeAsync(deadline.Token);
            return null;
        }
        catch (Exception refused) when (!cancellation.IsCancellationRequested)
        {
            return refused.Message;
        }
    }
}
