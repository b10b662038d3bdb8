namespace Kube.Core.Kinds;

public sealed record EnvironmentSource
{
    public LocalReference? SecretRef { get; init; }

    public LocalReference? ConfigMapRef { get; init; }
}
