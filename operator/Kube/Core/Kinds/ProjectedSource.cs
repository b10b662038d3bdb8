namespace Kube.Core.Kinds;

public sealed record ProjectedSource
{
    public ServiceAccountTokenSource? ServiceAccountToken { get; init; }
}
