namespace ByokOperator.Stores;

/// <summary>The workloads that use a store, as seen: how many run, how many we suspended.</summary>
internal sealed record WorkloadState(int Running, int SuspendedByUs);
