using System.Globalization;

namespace Cluster.Tests.Containers;

/// <summary>What a cluster in a container is made of, and how long it may take. The bounds choose between clusters and
/// never between a test's passing and its failing: who is late is not used.</summary>
/// <param name="Image">k3s, or what answers as it does.</param>
/// <param name="Port">Where its API is published on this machine; null: wherever the engine likes.</param>
internal sealed record ContainerSettings(string Image, ushort? Port = null)
{
    public const int MostOfAMessage = 300;

    private const string Published = "rancher/k3s:v1.31.4-k3s1";
    private const string ImageVariable = "BYOK_TEST_K3S_IMAGE";
    private const string PortVariable = "BYOK_TEST_K3S_PORT";

    /// <summary>For the engine to take it away; longer is not waited for.</summary>
    public static readonly TimeSpan Away = TimeSpan.FromSeconds(30);

    /// <summary>Between two looks whether the API answers.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A socket with nobody behind it must not hold up a run.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the pull of an image of 80 MB to a cluster that says that it is ready. Tests on other clusters run
    /// meanwhile.</summary>
    public TimeSpan Start { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>From there to an API that answers here: its port may lead nowhere.</summary>
    public TimeSpan Reach { get; init; } = TimeSpan.FromSeconds(30);

    public static ContainerSettings Named(Func<string, string?> environment) => new(
        environment(ImageVariable) is { Length: > 0 } image ? image : Published,
        environment(PortVariable) is { Length: > 0 } port ? ushort.Parse(port, CultureInfo.InvariantCulture) : null);
}
