using FakeApiServer;
using Kube.Client;
using Kube.Core.Kinds;
using Kube.Core;
using Xunit;

namespace Kube.Tests.Client;

/// <summary>The fake one, and the one that BYOK_TEST_KUBECONFIG names: the same checks hold for both,
/// so the fake can't drift.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    public const string Variable = "BYOK_TEST_KUBECONFIG";

    private readonly FakeApiServerHost? fake;

    private ApiServer(FakeApiServerHost? fake, KubeClient client)
    {
        this.fake = fake;
        Client = client;
    }

    public static TheoryData<string> Names =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)) ? ["fake"] : ["fake", "real"];

    public KubeClient Client { get; }

    /// <summary>A namespace of the test's own.</summary>
    public string Namespace { get; } = "conformance-" + Guid.NewGuid().ToString("N")[..8];

    public static async Task<ApiServer> StartAsync(string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var fake = name == "fake" ? await FakeApiServerHost.StartAsync(cancellation: cancellation) : null;
        var connection = fake is null ? KubeConfig.Load(Environment.GetEnvironmentVariable(Variable))
            : KubeConfig.Parse(fake.Kubeconfig);
        var server = new ApiServer(fake, new KubeClient(connection));
        if (await server.HasCoreAsync(cancellation))
        {
            await server.Client.Api<NamespaceObject>()
                .CreateAsync(new() { Metadata = new() { Name = server.Namespace } }, cancellation);
        }

        return server;
    }

    /// <summary>False for servers of custom resources alone, which accept any namespace.</summary>
    public Task<bool> HasCoreAsync(CancellationToken cancellation) =>
        Client.HasResourceAsync("", "v1", "namespaces", cancellation);

    public async ValueTask DisposeAsync()
    {
        if (await HasCoreAsync(CancellationToken.None))
        {
            await Client.Api<NamespaceObject>().DeleteAsync(new ObjectKey("", Namespace), null, CancellationToken.None);
        }

        Client.Dispose();
        if (fake is not null)
        {
            await fake.DisposeAsync();
        }
    }
}
