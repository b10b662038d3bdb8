using ByokOperator.Records;

namespace ByokOperator.Places;

/// <summary>The workloads that use a store: how many run,
/// and how many of those that we suspended are not known to run again.</summary>
internal sealed record WorkloadState(int Running, int SuspendedByUs)
{
    /// <summary>The spec names workloads at all.</summary>
    public bool AreSelected { get; init; }

    /// <summary>Why the record of what we suspended counts for nothing;
    /// null where it is authentic or none stands.</summary>
    public RecordedFault? Fault { get; init; }
}
