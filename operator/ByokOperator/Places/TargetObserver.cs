using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud;
using Cloud.Keys;
using Cloud.Stores;

namespace ByokOperator.Places;

/// <summary>Looks at the dedicated store itself: whose it is, what stands in it, who may use its key.
/// Changes nothing.</summary>
internal sealed class TargetObserver(OperatorContext around, StoreMarks marks)
{
    /// <summary>What stands would be looked for where the spec says, not where it is,
    /// once somebody changes the spec.</summary>
    private const string PlaceDrift = "PlaceNotRecorded";

    public async Task<Fact<SharedDescription?>> SharedAsync(StorePlaces places, Glance glance) =>
        places.Shared is { } place
            ? await glance.OfAsync<SharedDescription?>(async cancellation =>
                await around.Cloud.Stores.DescribeSharedAsync(place, places.Identity, cancellation))
            : Fact.Seen<SharedDescription?>(null);

    /// <summary>Why the source is none: a tag of ours calls it a store's. Empty where none does; what nobody could see
    /// is asked again by whoever begins something.</summary>
    public async Task<IReadOnlyList<string>> NoSourceAsync(EncryptedStore store, Fact<PinMark?> pin, Glance glance)
    {
        if (pin.ForDisplay() is not null || PlaceRefs.SharedOf(store) is not { } source)
        {
            return [];
        }

        var whose = await glance.OfAsync(cancellation =>
            around.Cloud.Stores.OwnershipAsync(PlaceRefs.AsStore(source, store.Metadata.Uid ?? ""), cancellation));
        return whose.Blindness is null && whose.ForDisplay() is StoreOwnership.Ours or StoreOwnership.Stranger
            ? [$"{StorePlace.Of(store.Spec).Shared!.HolderField}: {StoreNeighbours.NotFreeMessage}"]
            : [];
    }

    /// <summary>Looks, once in this process, for what an earlier store of the
    /// same names left that no record speaks of.</summary>
    /// <returns>Whether something was found just now.</returns>
    public async Task<bool> FindEarlierAsync(EncryptedStore store, Glance glance)
    {
        if (store.IsRecordedOnly || store.Origin is not null || store.Tenant.Length == 0
            || store.Metadata.DeletionTimestamp is not null || !StorePlace.Of(store.Spec).IsNamed
            || around.Cluster.RecordOf(store) is not Recorded<StoreRecord>.Absent
            || around.Cluster.Earlier.IsLookedFor(store))
        {
            return false;
        }

        var places = StorePlaces.Of(store, key: null, around.Cluster);
        var found = await glance.OfAsync(cancellation =>
            around.Cloud.Stores.FindEarlierAsync(places.Spec(versioned: false), places.Search(store, around.Cluster),
                cancellation));
        if (found.Blindness is null)
        {
            var numbers = await glance.OfAsync(cancellation =>
                NumbersAsync(store, places, found.ForDisplay()!, cancellation));
            if (numbers.Blindness is not null)
            {
                return false;
            }

            if (numbers.ForDisplay() is [var number, ..] all)
            {
                around.Cluster.Earlier.Note(store, number, all.Count > 1 ? all[1] : null);
            }

            around.Cluster.Earlier.Note(store, found.ForDisplay()!.FirstOrDefault(one => !one.IsOwn)?.Origin);
        }

        return around.Cluster.Earlier.Find(store) is not null || around.Cluster.Earlier.NumbersOf(store) is not null;
    }

    /// <summary>
    /// A change of key may have moved it to another bucket than the first, or be about to. The last one that readers
    /// were switched to comes first: up to the switch that is the one with the lowest number. What tells needs no key.
    /// </summary>
    private async Task<IReadOnlyList<int>> NumbersAsync(
        EncryptedStore store, StorePlaces places, IReadOnlyList<EarlierStore> found, CancellationToken cancellation)
    {
        if (found is [] || places.Target.Cloud != CloudKind.Aws)
        {
            return [];
        }

        var origin = (found.FirstOrDefault(one => one.IsOwn) ?? found[0]).Origin;
        var numbers = found.Where(one => one.Origin == origin)
            .Select(one => DerivedNames.NumberOf(one.Place, store.Tenant, origin)).OfType<int>().ToList();
        if (found.Any(one => one.IsOwn)
            && await around.Cloud.Stores.OwnershipAsync(places.Spec(versioned: false), cancellation)
                == StoreOwnership.Ours)
        {
            numbers.Add(store.Number);
        }

        numbers = [.. numbers.Distinct().Order()];
        foreach (var number in numbers.Skip(1).Reverse())
        {
            var bucket = places.Target with { Name = DerivedNames.Bucket(store.Tenant, origin, number) };
            if (await marks.WasServedAsync(bucket, cancellation))
            {
                return [number, .. numbers.Where(one => one != number)];
            }
        }

        return numbers;
    }

    public async Task<Fact<StoreDescription>> DescribeAsync(
        EncryptedStore store, StorePlaces places, Fact<SharedDescription?> shared, Glance glance)
    {
        if (!StorePlace.Of(store.Spec).IsNamed)
        {
            return Fact.Blind<StoreDescription>("SpecInvalid");
        }

        // Without a look at the source nobody knows whether versions are to be kept: that aspect is then left alone.
        var versioned = shared.ForDisplay()?.IsVersioned ?? false;
        return await glance.OfAsync(cancellation =>
            around.Cloud.Stores.DescribeAsync(places.Spec(versioned), cancellation));
    }

    /// <summary>Seen as null where nothing of ours stands.</summary>
    public async Task<Fact<PinMark?>> PinAsync(StorePlaces places, Fact<StoreDescription> target, Glance glance) =>
        target.Blindness is { } why ? Fact.Blind<PinMark?>(why)
        : IsOurs(target)
            ? await glance.OfAsync(cancellation => marks.PinAsync(places.Target, target.ForDisplay(), cancellation))
        : Fact.Seen<PinMark?>(null);

    public async Task<Fact<TargetFacts>> FactsAsync(
        EncryptedStore store, StorePlaces places, Fact<StoreDescription> target, Fact<PinMark?> pin, bool isClosing,
        Glance glance)
    {
        IReadOnlyList<string> unrecorded = StoreRecords.IsComplete(around.Cluster.RecordOf(store), pin) ? []
            : [PlaceDrift];
        var facts = target.Select(seen =>
            new TargetFacts(seen.Ownership, [.. unrecorded, .. seen.Drift],
                seen.IsDenied) { SettlesAt = seen.SettlesAt });
        if (isClosing && facts.Blindness is not null)
        {
            return await DenialAsync(places.Spec(versioned: false), facts, glance);
        }

        var isDeleting = store.Metadata.DeletionTimestamp is not null;
        if (facts.ForDisplay() is not { Ownership: StoreOwnership.Ours } standing)
        {
            return facts;
        }

        if (target.ForDisplay()!.IsEmpty is { } told)
        {
            return Fact.Seen(standing with { IsEmpty = told });
        }

        // Whether it is empty decides nothing of a closing, which must not be blind for it.
        if (!isDeleting && (isClosing || pin.ForDisplay() is not null))
        {
            return facts;
        }

        return await glance.OfAsync(async cancellation =>
        {
            await using var versions = around.Cloud.Objects.ListVersionsAsync(places.Target, "", null, cancellation)
                .GetAsyncEnumerator(cancellation);
            return standing with { IsEmpty = !await versions.MoveNextAsync() };
        });
    }

    /// <summary>What closing needs alone, where the whole can't be seen.</summary>
    public async Task<Fact<TargetFacts>> DenialAsync(StoreSpec spec, Fact<TargetFacts> blind, Glance glance)
    {
        var denial = await glance.OfAsync(cancellation =>
            around.Cloud.Stores.LookAtDenialAsync(spec, cancellation));
        return denial.ForDisplay() is { Ownership: { } ownership } seen
            ? Fact.Seen(new TargetFacts(ownership, [], seen.IsDenied) { SettlesAt = seen.SettlesAt })
            : blind;
    }

    /// <summary>
    /// Whether a grant of ours stands on any key that one may stand on, and whether it lets in whom it should. While
    /// nobody can tell who that is, what stands is left as it is.
    /// </summary>
    public Task<Fact<(bool Stands, bool IsRight)>> GrantsAsync(EncryptedStore store, StorePlaces places, Glance glance)
    {
        var keys = StoreGrants.RefsOf(store, around.Cluster);
        return keys.Blindness is { } why
            ? Task.FromResult(Fact.Blind<(bool Stands, bool IsRight)>(why))
            : GrantsAsync(store, () => StoreGrants.Of(store, places.Key, around.Cluster),
                [.. keys.ForDisplay()!.Where(key => key.IsOurs).Select(key => key.Identity), places.Key.Identity],
                glance);
    }

    /// <summary>The same where no key is known and the store's record can't be trusted: the place tells which key it
    /// encrypts under, and none is known to need a grant. Blind where that can't be seen.</summary>
    public Task<Fact<(bool Stands, bool IsRight)>> GrantsAsync(
        EncryptedStore store, Fact<StoreDescription> target, Glance glance) =>
        target.Blindness is { } why
            ? Task.FromResult(Fact.Blind<(bool Stands, bool IsRight)>(why))
            : GrantsAsync(store, () => StoreGrants.Told(target.ForDisplay()!.ObservedKeyId), [], glance);

    private Task<Fact<(bool Stands, bool IsRight)>> GrantsAsync(
        EncryptedStore store, Func<IReadOnlyList<(KeyRef Key, IReadOnlyList<string> Known)>> keys,
        HashSet<string> needed, Glance glance) =>
            glance.OfAsync(async cancellation =>
        {
            var binding = around.Cluster.BindingOf(store.Tenant);
            var (stands, isMissing, looked) = (false, false, 0);
            foreach (var (key, _) in keys())
            {
                var grantees = await around.Cloud.Keys.GranteesAsync(key, StoreNames.Grant(store), cancellation);
                stands |= grantees.Count > 0;
                if (binding is not null && needed.Contains(key.Identity))
                {
                    looked++;
                    isMissing |= !grantees.SequenceEqual(binding.Workloads.Aws is { } role ? [role]
                        : [], StringComparer.Ordinal);
                }
            }

            return (stands, looked > 0 ? !isMissing : needed.Count == 0 || binding?.Workloads.Aws is null);
        });

    public static bool IsOurs(Fact<StoreDescription> target) =>
        target.ForDisplay() is { Ownership: StoreOwnership.Ours };
}
