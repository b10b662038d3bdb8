namespace ByokOperator.Records;

/// <summary>One workload that ran until the operator suspended it.</summary>
/// <param name="Kind">One of the constants here.</param>
/// <param name="Uid">Another one of that name is none of this.</param>
/// <param name="Replicas">How many ran; null for what is suspended by a switch.</param>
internal sealed record SuspendedWorkload(string Kind, string Name, string Uid, int? Replicas)
{
    public const string Deployment = "Deployment";
    public const string StatefulSet = "StatefulSet";
    public const string CronJob = "CronJob";
    public const string Job = "Job";
}
