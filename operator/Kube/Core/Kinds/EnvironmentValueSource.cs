namespace Kube.Core.Kinds;

public sealed record EnvironmentValueSource
{
    public FieldReference? FieldRef { get; init; }

    public KeyReference? SecretKeyRef { get; init; }

    public KeyReference? ConfigMapKeyRef { get; init; }
}
