using Kube.Core;

namespace ByokOperator.Api;

/// <summary>
/// Rules between stores, which no schema can state. The store that was there first is right and stays untouched: a
/// newcomer must never be able to stop a neighbour. Pure; empty means no conflict.
/// </summary>
internal static class StoreConflicts
{
    /// <summary>
    /// What <paramref name="store"/> has to change because of older stores; <paramref name="all"/> may contain itself.
    /// Looks at each other store once and allocates for conflicts alone: every store is checked against every other.
    /// </summary>
    public static IReadOnlyList<Violation> Check(EncryptedStore store, IReadOnlyList<EncryptedStore> all)
    {
        List<Violation>? found = null;
        foreach (var other in all)
        {
            if (Touch(store, other) && Ages.IsOlder(other.Metadata, store.Metadata))
            {
                (found ??= []).AddRange(Between(store, other).Where(violation => !found.Contains(violation)));
            }
        }

        return found ?? [];
    }

    private static bool Touch(EncryptedStore store, EncryptedStore other)
    {
        var (my, their) = (StorePlace.Of(store.Spec), StorePlace.Of(other.Spec));
        return my.Cloud == their.Cloud
            && ((my.Shared is { } mine && mine.Name == their.Shared?.Name
                && FieldRules.Overlap(mine.Prefix, their.Shared.Prefix))
                || (my.Own is { } own && (own == their.Own || own == their.Shared?.Holder))
                || (their.Own is { } taken && my.Shared?.Holder == taken));
    }

    private static IEnumerable<Violation> Between(EncryptedStore store, EncryptedStore older)
    {
        var (my, their) = (StorePlace.Of(store.Spec), StorePlace.Of(older.Spec));
        var what = my.Container is null ? "bucket" : "account";
        if (my.Shared is { } mine && mine.Name == their.Shared?.Name
            && FieldRules.Overlap(mine.Prefix, their.Shared.Prefix))
        {
            var kind = my.Container is null ? "bucket" : "container";
            yield return new($"{mine.Field}.prefix",
                Overlapping(mine.Prefix, their.Shared.Prefix, NameOf(older, store), kind));
        }

        if (my.Own is { } own && (own == their.Own || own == their.Shared?.Holder))
        {
            yield return new(my.OwnField,
                $"{NameOf(older, store)} already uses this {what}: choose another name, or leave it out");
        }

        if (my.Shared is { } shared && shared.Holder == their.Own)
        {
            yield return new(shared.HolderField,
                $"this {what} is the encrypted store of {NameOf(older, store)}: name the shared {what}");
        }
    }

    private static string Overlapping(string mine, string theirs, string older, string kind) => (mine, theirs) switch
    {
        (_, "") => $"{older} already takes the whole {kind}: name a place outside of it",
        ("", _) => $"{older} already takes a prefix of this {kind}, and objects would belong to both: "
            + $"name a prefix beside it, or another {kind}",
        _
            when mine == theirs =>
                $"{older} already takes this prefix of the {kind}: one store per prefix, name another one",
        _ => $"the prefix overlaps that of {older}, and objects would belong to both: "
            + "name one beside it, not above or below",
    };

    /// <summary>Names are told only within one namespace: a tenant must not learn of another's objects.</summary>
    private static string NameOf(EncryptedStore older, EncryptedStore store) =>
        older.Metadata.Namespace == store.Metadata.Namespace ? $"store {older.Metadata.Name}"
            : "a store of another namespace";
}

/// <summary>Which of two objects was there first: by creation, which has only seconds; then by address, so that two
/// never give way to each other.</summary>
internal static class Ages
{
    public static bool IsOlder(ObjectMeta other, ObjectMeta mine)
    {
        var byTime = Nullable.Compare(other.CreationTimestamp, mine.CreationTimestamp);
        var bySpace = string.CompareOrdinal(other.Namespace, mine.Namespace);
        return (byTime != 0 ? byTime : bySpace != 0 ? bySpace : string.CompareOrdinal(other.Name, mine.Name)) < 0;
    }
}
