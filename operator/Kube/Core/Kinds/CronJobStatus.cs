namespace Kube.Core.Kinds;

public sealed record CronJobStatus
{
    public IReadOnlyList<ObjectReference>? Active { get; init; }
}
