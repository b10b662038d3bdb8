using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cluster.Tests.Primitives;
using Docker.DotNet;
using Microsoft.Extensions.Logging.Abstractions;
using Testcontainers.K3s;

namespace Cluster.Tests.Containers;

/// <summary>
/// A Kubernetes in a container of the tests' own, started by Testcontainers: k3s, or an image that answers as k3s does.
/// Its disposal takes the container away. Whatever goes wrong on the way there, as with an engine that is half there,
/// is one sentence, told within a bound.
/// </summary>
internal sealed class ContainerCluster : IAsyncDisposable
{
    private readonly K3sContainer container;
    private readonly string folder;

    private ContainerCluster(K3sContainer container, string folder) =>
        (this.container, this.folder) = (container, folder);

    public static async Task<ContainerOffer> StartAsync(
        ContainerEngine engine, ContainerSettings settings)
    {
        if (await engine.TroubleAsync(settings.Answer) is { } silence)
        {
            return new ContainerOffer.Missing(silence);
        }

        var container = Describe(engine, settings);
        var isMade = false;
        container.Created += (_, _) => isMade = true;
        try
        {
            using var limit = new CancellationTokenSource(settings.Start);
            await container.StartAsync(limit.Token).WaitAsync(settings.Start);
            return await ReachAsync(container, settings);
        }
        catch (Exception trouble)
            when (IsTold(trouble))
        {
            await AwayAsync(container);
            var how = trouble is OperationCanceledException or TimeoutException
                ? $"not within {settings.Start.TotalSeconds:0.#} s" : Sentence(trouble);
            return new ContainerOffer.Missing(isMade
                ? $"a container of {settings.Image} did not become a cluster on {engine}: {how}"
                : $"the container engine at {engine} has no image {settings.Image}, and can't get it: {how}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        await AwayAsync(container);
    }

    /// <summary>What went wrong, innermost: a cause says more than who met it.</summary>
    internal static string Sentence(Exception trouble)
    {
        var cause = trouble.GetBaseException();
        var text = (cause is DockerApiException { ResponseBody: { Length: > 0 } said } ? Said(said) : cause.Message)
            .ReplaceLineEndings(" ").Trim();
        return text.Length > ContainerSettings.MostOfAMessage ? text[..ContainerSettings.MostOfAMessage] : text;
    }

    /// <summary>An engine that is half there fails in ways that nobody has listed: all but a fault of ours is told.
    /// </summary>
    internal static bool IsTold(Exception trouble) => trouble is not (NullReferenceException or UnreachableException);

    /// <summary>An engine's answer is JSON with a message, if it is anything.</summary>
    private static string Said(string body)
    {
        try
        {
            return (string?)JsonNode.Parse(body)?["message"] ?? body;
        }
        catch (Exception nonsense) when (nonsense is JsonException or InvalidOperationException)
        {
            return body;
        }
    }

    /// <summary>The library's own container that sweeps behind a run would be one more image to have:
    /// the engine removes what was stopped, and a name says whose the rest is.</summary>
    private static K3sContainer Describe(ContainerEngine engine, ContainerSettings settings)
    {
        var described = new K3sBuilder(settings.Image)
            .WithDockerEndpoint(engine.Address)
            .WithLogger(NullLogger.Instance)
            .WithCleanUp(false)
            .WithAutoRemove(true);
        return (settings.Port is not { } port ? described
            : described.WithName($"byok-k3s-{port}").WithPortBinding(port, K3sBuilder.KubeSecurePort)).Build();
    }

    /// <summary>A container that says it is ready is a cluster only once its API answers here.</summary>
    private static async Task<ContainerOffer> ReachAsync(K3sContainer container, ContainerSettings settings)
    {
        using var limit = new CancellationTokenSource(settings.Reach);
        var folder = Directory.CreateTempSubdirectory("byok-container-").FullName;
        var kubeconfig = Path.Combine(folder, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, await container.GetKubeconfigAsync(), limit.Token);
        while (true)
        {
            var seen = await new Kubectl(kubeconfig).TryAsync("get", "--raw", "/readyz", "--request-timeout=5s");
            if (seen.ExitCode == 0)
            {
                return new ContainerOffer.Stands(kubeconfig, settings.Image, new ContainerCluster(container, folder));
            }

            try
            {
                await Task.Delay(settings.Pause, limit.Token);
            }
            catch (OperationCanceledException)
            {
                Directory.Delete(folder, recursive: true);
                throw new InvalidOperationException($"its API does not answer here: {seen.Error}");
            }
        }
    }

    /// <summary>As far as an engine lets it be taken away that may be half there itself.</summary>
    private static async Task AwayAsync(K3sContainer container)
    {
        try
        {
            await container.DisposeAsync().AsTask().WaitAsync(ContainerSettings.Away);
        }
        catch (Exception trouble)
            when (IsTold(trouble))
        {
            // What it failed at is told already.
        }
    }
}
