namespace Kube.Runtime.Scheduling;

/// <summary>A key whose turn it is.</summary>
/// <param name="Key">What to work on.</param>
/// <param name="Waited">How long it had been due.</param>
/// <param name="Priority">The highest it was asked for with.</param>
public readonly record struct WorkItem<TKey>(TKey Key, TimeSpan Waited, int Priority)
    where TKey : notnull;
