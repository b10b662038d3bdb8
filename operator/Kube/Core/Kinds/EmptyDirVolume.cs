namespace Kube.Core.Kinds;

public sealed record EmptyDirVolume
{
    public string? Medium { get; init; }

    public string? SizeLimit { get; init; }
}
