namespace Cluster.Tests.Primitives;

/// <summary>A namespace of one test's own; deleted, with all in it, when the test is over.</summary>
public sealed class TestNamespace : IAsyncDisposable
{
    private readonly Kubectl administrator;

    private TestNamespace(Kubectl administrator, string name) => (this.administrator, Name) = (administrator, name);

    public string Name { get; }

    public static async Task<TestNamespace> CreateAsync(Kubectl administrator, string prefix)
    {
        var name = $"{prefix}-{Guid.NewGuid().ToString("n")[..8]}";
        await administrator.RunAsync("create", "namespace", name);
        return new(administrator, name);
    }

    /// <summary>Does not wait for the end: finalizers may hold it, and the next test has another namespace anyway.</summary>
    public async ValueTask DisposeAsync() => await administrator.TryAsync("delete", "namespace", Name, "--wait=false");
}
