using System.Diagnostics;
using Cluster.Tests.Primitives;

namespace Cluster.Tests.Containers;

/// <summary>
/// Which cluster the tests run on that need an API server and nothing of the machine beneath it: k3s in a container
/// first, the one that BYOK_TEST_KUBECONFIG names second. <c>tests/run.sh</c> lets it name the one that it built, which
/// is the third. BYOK_TEST_CLUSTER insists on one of them.
/// </summary>
internal static class ClusterChoice
{
    public const string Variable = "BYOK_TEST_CLUSTER";
    public const string Container = "k3s";
    public const string Given = "given";

    /// <param name="environment">Gives the value of a variable.</param>
    /// <param name="start">Starts the container; asked at most once, and not at all where the given one is insisted on.
    /// </param>
    /// <exception cref="InvalidOperationException">There is none, or not the one that is insisted on.</exception>
    public static async Task<ChosenCluster> MakeAsync(
        Func<string, string?> environment, Func<Task<ContainerOffer>> start)
    {
        var kubeconfig = environment(RealCluster.Variable) is { Length: > 0 } path ? path : null;
        switch (environment(Variable))
        {
            case Given:
                return kubeconfig is null ? throw Insisted(Given, $"{RealCluster.Variable} names none")
                    : new(kubeconfig, null, $"on the cluster that {RealCluster.Variable} names");
            case Container:
                return await start() switch
                {
                    ContainerOffer.Stands stands => In(stands),
                    ContainerOffer.Missing(var why) => throw Insisted(Container, why),
                    _ => throw new UnreachableException(),
                };
            case null or "":
                return await start() switch
                {
                    ContainerOffer.Stands stands => In(stands),
                    ContainerOffer.Missing(var why) when kubeconfig is not null => new(kubeconfig, null,
                        $"on the cluster that {RealCluster.Variable} names, since there is none in a container: {why}"),
                    ContainerOffer.Missing(var why) => throw new InvalidOperationException(
                        $"there is no cluster to test on: {why}; {RealCluster.Variable} names none either; "
                        + "tests/run.sh builds one"),
                    _ => throw new UnreachableException(),
                };
            case var other:
                throw new InvalidOperationException(
                    $"{Variable} is '{other}': give {Container}, {Given}, or leave it out for the first that is there");
        }
    }

    private static ChosenCluster In(ContainerOffer.Stands stands) =>
        new(stands.Kubeconfig, stands.Container, $"in a container of {stands.Image}");

    private static InvalidOperationException Insisted(string wanted, string why) =>
        new($"{Variable} is {wanted}, and there is no such cluster: {why}");
}

/// <param name="Kubeconfig">The path of its administrator's.</param>
/// <param name="Container">Null where none was started for it.</param>
/// <param name="Where">For people.</param>
internal sealed record ChosenCluster(string Kubeconfig, IAsyncDisposable? Container, string Where);
