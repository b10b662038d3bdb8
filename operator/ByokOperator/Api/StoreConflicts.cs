namespace ByokOperator.Api;

/// <summary>
/// Rules between stores, which no schema can state. The store that was there first is right and stays untouched: a
/// newcomer must never be able to stop a neighbour. Pure; empty means no conflict.
/// </summary>
internal static class StoreConflicts
{
    /// <summary>
    /// What <paramref name="store"/> has to change because of older stores; <paramref name="all"/> may contain itself. Looks at
    /// each other store once and allocates for conflicts alone: every store is checked against every other.
    /// </summary>
    public static IReadOnlyList<Violation> Check(EncryptedStore store, IReadOnlyList<EncryptedStore> all)
    {
        List<Violation>? found = null;
        foreach (var other in all)
        {
            if (Touch(store, other) && IsOlder(other, store))
            {
                (found ??= []).AddRange(Between(store, other).Where(violation => !found.Contains(violation)));
            }
        }

        return found ?? [];
    }

    private static bool Touch(EncryptedStore store, EncryptedStore other)
    {
        var (mine, theirs) = (store.Spec.Shared?.Aws, other.Spec.Shared?.Aws);
        var (own, taken) = (store.Spec.Aws?.BucketName, other.Spec.Aws?.BucketName);
        return (mine is not null && mine.Bucket == theirs?.Bucket && FieldRules.Overlap(mine.Prefix, theirs.Prefix))
            || (own is not null && (own == taken || own == theirs?.Bucket))
            || (taken is not null && mine?.Bucket == taken);
    }

    /// <summary>By creation, which has only seconds; then by address, so that two never refuse each other.</summary>
    private static bool IsOlder(EncryptedStore other, EncryptedStore store)
    {
        var byTime = Nullable.Compare(other.Metadata.CreationTimestamp, store.Metadata.CreationTimestamp);
        var bySpace = string.CompareOrdinal(other.Metadata.Namespace, store.Metadata.Namespace);
        return (byTime != 0 ? byTime : bySpace != 0 ? bySpace : string.CompareOrdinal(other.Metadata.Name, store.Metadata.Name)) < 0;
    }

    private static IEnumerable<Violation> Between(EncryptedStore store, EncryptedStore older)
    {
        var (mine, theirs) = (store.Spec.Shared?.Aws, older.Spec.Shared?.Aws);
        if (mine is not null && mine.Bucket == theirs?.Bucket && FieldRules.Overlap(mine.Prefix, theirs.Prefix))
        {
            yield return new("spec.shared.aws.prefix", mine.Prefix == theirs.Prefix
                ? $"{NameOf(older, store)} already takes this prefix of the bucket: one store per prefix, name another one"
                : $"the prefix overlaps that of {NameOf(older, store)}, and objects would belong to both: name one beside it, not above or below");
        }

        var (own, taken) = (store.Spec.Aws?.BucketName, older.Spec.Aws?.BucketName);
        if (own is not null && (own == taken || own == theirs?.Bucket))
        {
            yield return new("spec.aws.bucketName", $"{NameOf(older, store)} already uses this bucket: choose another name, or leave it out");
        }

        if (mine is not null && mine.Bucket == taken)
        {
            yield return new("spec.shared.aws.bucket", $"this bucket is the encrypted store of {NameOf(older, store)}: name the shared bucket");
        }
    }

    /// <summary>Names are told only within one namespace: a tenant must not learn of another's objects.</summary>
    private static string NameOf(EncryptedStore older, EncryptedStore store) =>
        older.Metadata.Namespace == store.Metadata.Namespace ? $"store {older.Metadata.Name}" : "a store of another namespace";
}
