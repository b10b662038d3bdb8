namespace Kube.Core.Kinds;

public sealed record CronJobSpec
{
    public bool? Suspend { get; init; }
}
