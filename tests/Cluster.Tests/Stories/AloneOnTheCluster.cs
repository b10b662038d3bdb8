using Xunit;

namespace Cluster.Tests.Stories;

/// <summary>An operator looks after every namespace, so stories that start one
/// of their own on the cluster run one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneOnTheCluster
{
    public const string Name = "alone on the cluster";
}
