using Docker.DotNet;

namespace Cluster.Tests.Containers;

/// <summary>Where a container engine that speaks Docker's API is looked for: where DOCKER_HOST says, else at Docker's
/// own socket. One that wants certificates of its callers counts as one that does not answer.</summary>
internal sealed record ContainerEngine(Uri Address)
{
    private const string Variable = "DOCKER_HOST";
    private const string Socket = "unix:///var/run/docker.sock";

    public static ContainerEngine Named(Func<string, string?> environment) =>
        new(new Uri(environment(Variable) is { Length: > 0 } address ? address : Socket));

    /// <summary>Null where it answers; else why it does not.</summary>
    /// <param name="patience">An engine that takes a connection and says nothing is none.</param>
    public async Task<string?> TroubleAsync(TimeSpan patience)
    {
        if (Address is { Scheme: "unix", LocalPath: var path } && !File.Exists(path))
        {
            return $"no container engine answers at {Address}: there is no such socket";
        }

        try
        {
            using var client = new DockerClientBuilder().WithEndpoint(Address).Build();
            using var limit = new CancellationTokenSource(patience);
            await client.System.PingAsync(limit.Token).WaitAsync(patience);
            return null;
        }
        catch (Exception trouble)
            when (trouble is OperationCanceledException or TimeoutException)
        {
            return $"the container engine at {Address} did not answer within {patience.TotalSeconds:0.#} s";
        }
        catch (Exception trouble)
            when (ContainerCluster.IsTold(trouble))
        {
            return $"no container engine answers at {Address}: {ContainerCluster.Sentence(trouble)}";
        }
    }

    public override string ToString() => Address.ToString();
}
