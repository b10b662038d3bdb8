using Kube.Core;

namespace Kube.Runtime.Informers;

/// <summary>
/// How one object of a store changed. <see cref="Old"/> is null for a new object, <see cref="New"/> for one that is
/// gone; several changes on the server may arrive as one.
/// </summary>
/// <param name="Old">As it stood in the store until now.</param>
/// <param name="New">As it stands now.</param>
/// <param name="IsFirstList">It was there before we were: seen in the first list after the start.</param>
public sealed record Change<T>(T? Old, T? New, bool IsFirstList = false)
    where T : class, IResource<T>
{
    public ObjectKey Key => (New ?? Old)!.Metadata.Key;

    /// <summary>
    /// False only when the two differ in nothing but status: same object, same generation, labels, annotations,
    /// finalizers and deletion mark. Kinds without a generation are always touched.
    /// </summary>
    public bool TouchesMoreThanStatus =>
        Old?.Metadata is not { } before || New?.Metadata is not { } after
        || after.Generation is null
        || before.Uid != after.Uid
        || before.Generation != after.Generation
        || before.DeletionTimestamp != after.DeletionTimestamp
        || !SameList(before.Finalizers, after.Finalizers)
        || !SameMap(before.Labels, after.Labels)
        || !SameMap(before.Annotations, after.Annotations);

    private static bool SameList(IReadOnlyList<string>? one, IReadOnlyList<string>? other) =>
        (one ?? []).SequenceEqual(other ?? []);

    private static bool SameMap(IReadOnlyDictionary<string, string>? one, IReadOnlyDictionary<string, string>? other) =>
        (one?.Count ?? 0) == (other?.Count ?? 0)
        && (one is null || one.All(pair => other!.TryGetValue(pair.Key, out var value) && value == pair.Value));
}
