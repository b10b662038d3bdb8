namespace Kube.Core.Kinds;

/// <summary>A name in the same namespace.</summary>
public sealed record LocalReference
{
    public string Name { get; init => field = value ?? ""; } = "";
}
