namespace Kube.Core.Kinds;

public sealed record EnvironmentSource
{
    public LocalReference? SecretRef { get; init; }
}
