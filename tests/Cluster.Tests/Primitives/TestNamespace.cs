namespace Cluster.Tests.Primitives;

/// <summary>A namespace of one test's own, of a tenant of its own that may name anything; deleted, with all in it,
/// when the test is over.</summary>
public sealed class TestNamespace : IAsyncDisposable
{
    private readonly Kubectl administrator;

    private TestNamespace(Kubectl administrator, string name) => (this.administrator, Name) = (administrator, name);

    public string Name { get; }

    public static async Task<TestNamespace> CreateAsync(Kubectl administrator, string prefix)
    {
        var name = $"{prefix}-{Guid.NewGuid().ToString("n")[..8]}";
        await administrator.RunAsync("create", "namespace", name);
        await administrator.ApplyAsync($$"""
            apiVersion: byok.dev/v1alpha1
            kind: Tenant
            metadata: {name: {{name}}}
            spec:
              namespaces: [{name: {{name}}}]
              keys: {awsAccounts: ["*"], azureDirectories: ["*"], vaults: ["*"]}
              shared: {aws: [{bucket: "*", prefix: "*"}], azure: [{accountName: "*", container: "*", prefix: "*"}]}
              stores: {awsRegions: ["*"], azure: [{subscriptionId: "*", resourceGroup: "*", locations: ["*"]}], bucketNames: ["*"], accountNames: ["*"]}
              limits: {minProbeInterval: 1s, maxStaleness: 168h}
            """);
        await administrator.RunAsync(
            "--namespace", name, "create", "rolebinding", "byok-operator-tenant", "--clusterrole=byok-operator-tenant",
            $"--serviceaccount={OperatorManifests.Namespace}:{OperatorManifests.Account}");
        return new(administrator, name);
    }

    /// <summary>Does not wait for the end: finalizers may hold it,
    /// and the next test has another namespace anyway.</summary>
    public async ValueTask DisposeAsync()
    {
        await administrator.TryAsync("delete", "namespace", Name, "--wait=false");
        await administrator.TryAsync("delete", "tenants.byok.dev", Name, "--wait=false");
    }
}
