using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kube.Core.Json;

namespace ByokOperator.Records;

/// <summary>
/// What the operator suspended of a store's workloads, and how many ran: written ahead of the suspending, taken away
/// once all of it runs again. A workload's own annotations could not tell it:
/// whoever edits the workload would say how many the operator starts.
/// </summary>
internal sealed record WorkloadRecord : IRecord<WorkloadRecord>
{
    /// <summary>Far beyond what belongs to one store, and a tenth of what a record holds.</summary>
    public const int MaxWorkloads = 250;

    private const int LongestName = 253;
    private const int LongestUid = 64;

    public static string Kind => "workloads";

    public static JsonTypeInfo<WorkloadRecord> Json => RecordJson.Default.WorkloadRecord;

    public string Namespace { get; init => field = value ?? ""; } = "";

    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Of the store's object.</summary>
    public string Uid { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<SuspendedWorkload> Suspended { get; init => field = Entries.Of(value); } = [];

    [JsonIgnore]
    public RecordOwner Owner => new(Namespace, Name, Uid);

    public static WorkloadRecord New(RecordOwner owner) =>
        new() { Namespace = owner.Namespace, Name = owner.Name, Uid = owner.Uid };

    /// <summary>These too; what is named already ran again meanwhile, as many as now.</summary>
    public WorkloadRecord With(IEnumerable<SuspendedWorkload> running)
    {
        var now = running.ToDictionary(one => (one.Kind, one.Name));
        return this with
        {
            Suspended = [.. Suspended.Where(one => !now.ContainsKey((one.Kind, one.Name))), .. now.Values],
        };
    }

    public IEnumerable<string> Faults()
    {
        if (!Owner.IsWellFormed)
        {
            yield return "namespace, name or uid are none";
        }

        if (Suspended.Count > MaxWorkloads)
        {
            yield return $"it names more than {MaxWorkloads} workloads";
        }

        if (Suspended.Any(one =>
            one is not { Name.Length: > 0 and <= LongestName, Uid.Length: > 0 and <= LongestUid, Replicas: null
                or >= 0 }
                || !(one.Kind is SuspendedWorkload.Deployment or SuspendedWorkload.StatefulSet ? one.Replicas is > 0
                    : one.Kind is SuspendedWorkload.CronJob or SuspendedWorkload.Job && one.Replicas is null)))
        {
            yield return "what it names is no workload";
        }
    }
}

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
