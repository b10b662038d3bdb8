using Cluster.Tests.Primitives;

namespace ByokOperator.Tests.Stories;

/// <summary>One process of the operator. Its name is also its user at the API server and its access key in the cloud,
/// so that each of its calls is known as its own.</summary>
internal sealed record Replica(string Name, ChildProcess Process) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
