using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud;
using Cloud.Keys;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Places;

/// <summary>
/// Takes the place of an earlier store of the same namespace and name back: on the platform's consent, asked live, and
/// on the proof that the key is the one that the data stands under. Whether the place is closed stays as it is. Every
/// step may be the last before a crash, and is done again.
/// </summary>
internal sealed class StoreAdoption(OperatorContext around, KeyProofGuard gate, StoreMarks marks)
{
    private const string KeyReplaced = "KeyReplaced";

    private readonly AuthorityGate authority = new(around);
    private readonly StoreRecords records = new(around);

    public async Task AdoptAsync(
        EncryptedStore store, string origin, StorePlaces places, CancellationToken cancellation)
    {
        if (store.Identity != origin)
        {
            throw new RefusedActException("AdoptionChanged",
                "another place is to be taken back than this was decided for");
        }

        await authority.DemandConsentAsync(store, origin, cancellation);
        var proved = await gate.ProveAsync(store, pin: null, cancellation);
        await DemandThereAsync(store, places, cancellation);
        await DemandNoCopyAsync(store, origin, cancellation);
        var standing = await PinAsync(places, cancellation);
        await DemandSameKeyAsync(store, places, standing, proved, cancellation);
        var earlier = await LeftAsync(store, origin, cancellation);
        var others = await OthersAsync(store, places, standing, earlier, cancellation);

        await records.TakeBackAsync(store, earlier, (standing is null ? null : proved.Pin, standing?.MovedUnder),
            others.ToDictionary(other => other.Object.Metadata.Name,
                other => (other.Object.Metadata.Uid ?? "", other.Pin)), cancellation);
        await around.Cloud.Stores.AdoptAsync(places.Spec(versioned: false), cancellation);
        await new NextGate(around).AdoptOtherAsync(store, earlier?.Other, cancellation);
        if (standing is not null)
        {
            var mark = PinMark.Of(proved.Pin, proved.Canary, store) with
            {
                MovedUnder = standing.MovedUnder,
                Others = [.. others.Select(other => PinMarkKey.Of(other.Object.Metadata.Name, other.Canary))],
            };
            await marks.RepinAsync(places.Spec(versioned: false), mark, proved.Reference, cancellation);
        }

        foreach (var left in around.Cluster.LeftBy(store).Where(left => left.Origin == origin))
        {
            await records.EndLeftAsync(left.Owner, origin, cancellation);
        }

        await records.HasTakenBackAsync(store, origin, cancellation);
    }

    /// <summary>Before a place is made: nothing of an earlier store of the same names stands,
    /// whoever knows of it.</summary>
    public async Task DemandNoneEarlierAsync(EncryptedStore store, StorePlaces places, CancellationToken cancellation)
    {
        if (store.Tenant.Length == 0)
        {
            return; // what is nobody's is refused elsewhere
        }

        var spec = places.Spec(versioned: false) with { Takes = "" };
        if ((await around.Cloud.Stores.FindEarlierAsync(spec, places.Search(store, around.Cluster), cancellation))
            is [var earlier, ..])
        {
            if (earlier.IsOwn)
            {
                throw new RefusedActException("PlaceNotRecorded",
                    $"the bucket {earlier.Place} bears this store's tag, and no record speaks of it: it is looked for "
                        + "anew before another one is made");
            }

            var taken = Takeover.Of(store, store.Tenant, earlier.Origin, isConsented: false);
            throw new RefusedActException(Takeover.Needed,
                $"{taken.Message}; it is {places.Target.Noun} {earlier.Place} in {earlier.Region}")
                {
                    NeedsPerson = true,
                };
        }
    }

    private async Task DemandThereAsync(EncryptedStore store, StorePlaces places, CancellationToken cancellation)
    {
        var whose = await around.Cloud.Stores.OwnershipAsync(places.Spec(versioned: false), cancellation);
        if (whose is not (StoreOwnership.Earlier or StoreOwnership.Ours))
        {
            throw Nothing(store, places);
        }
    }

    /// <summary>Once its record is gone nobody would stop a copy of the earlier object any more,
    /// and it would write old data over new.</summary>
    private async Task DemandNoCopyAsync(EncryptedStore store, string origin, CancellationToken cancellation)
    {
        foreach (var left in around.Cluster.LeftBy(store).Where(left => left.Origin == origin)
            .Select(left => left.Owner).ToList())
        {
            var page = await around.Kube.Api<PartialObject<Job>>()
                .ListPageAsync(new Selection(around.Options.Namespace, $"{Labels.StoreUid}={left.Uid}"), null,
                    cancellation);
            if (page.Items.Count + page.Unreadable.Count > 0)
            {
                throw new RefusedActException("CopiesStand",
                    $"copies of the earlier store with uid {left.Uid} still stand: they are stopped first, by its "
                        + "record");
            }
        }
    }

    private static RefusedActException Nothing(EncryptedStore store, StorePlaces places) => new(
        "NothingToAdopt",
        $"the Tenant says to take back what uid {store.Identity} had, and nothing of "
            + $"{store.Metadata.Namespace}/{store.Metadata.Name} stands at {places.Target.Name}:"
        + " correct the entry in spec.adopt, or take it away to have a new place made")
    {
        NeedsPerson = true,
    };

    /// <summary>
    /// The canary beside the data is tried where there is one: what decrypts it is the key, however often its material
    /// was rotated since. Without one the pin says it, against the canary that was proved a moment ago.
    /// </summary>
    private async Task DemandSameKeyAsync(
        EncryptedStore store, StorePlaces places, PinMark? pin, ProvedKey proved, CancellationToken cancellation)
    {
        if (pin is null)
        {
            await DemandEmptyAsync(places, cancellation);
            return;
        }

        var id = proved.Reference.Identity;
        await DemandSameAsync(places, pin.IsOf(store) ? pin.For(id)
            : throw Nothing(store, places), pin.CanaryOf(id, places.Target.KeyRegion), proved, cancellation);
    }

    private async Task DemandSameAsync(
        StorePlaces places, KeyPin pin, Canary? kept, ProvedKey proved, CancellationToken cancellation)
    {
        var isSame = pin.KeyId == proved.Reference.Identity;
        if (isSame && kept is { } canary)
        {
            var reference = KeyRefs.Of(proved.Object, places.Target.KeyRegion, proved.Reference.Identity, canary);
            var proof = await around.Cloud.Keys.ProveAsync(reference, canary.Context, canary, cancellation);
            isSame = proof.Verdict == KeyVerdict.Usable
                || (proof.Reason == KeyReplaced ? false : throw new RefusedActException(proof.Reason, proof.Message));
        }
        else
        {
            isSame = isSame && pin.IsSameKeyAs(proved.Pin);
        }

        if (!isSame)
        {
            throw Replaced();
        }
    }

    /// <summary>Objects may stand under more keys than one: each has to be there, under the name that it had,
    /// and to be the same.</summary>
    private async Task<IReadOnlyList<ProvedKey>> OthersAsync(
        EncryptedStore store, StorePlaces places, PinMark? mark, StoreRecord? earlier, CancellationToken cancellation)
    {
        List<ProvedKey> found = [];
        var named = (mark?.Named ?? []).Concat(earlier?.AlsoPinned ?? [])
            .Where(key => key.Name != store.Spec.KeyRef?.Name).DistinctBy(key => key.Name);
        foreach (var key in named)
        {
            var proved = await gate.ProveAsync(store, key.Name, pin: null, cancellation);
            await DemandSameAsync(places, KeyPin.Of(key.Pin), mark?.CanaryOf(key.Pin.KeyId, places.Target.KeyRegion),
                proved, cancellation);
            found.Add(proved);
        }

        return found;
    }

    /// <summary>It stands under the key itself, so what can't be read there
    /// for that was written under another.</summary>
    private async Task<PinMark?> PinAsync(StorePlaces places, CancellationToken cancellation)
    {
        try
        {
            return await marks.PinAsync(places.Target, cancellation);
        }
        catch (CloudException unread) when (FactReader.ReasonFor(unread.Problem) == KeyReplaced)
        {
            throw Replaced();
        }
    }

    private static RefusedActException Replaced() =>
        new(KeyReplaced,
            "the key that answers now is not the one that the data stands under: bring back the first key; nothing is "
                + "taken back until then")
            {
                NeedsPerson = true,
            };

    /// <summary>One that a crash left before it was pinned holds nothing that
    /// a key would have to be proved for.</summary>
    private async Task DemandEmptyAsync(StorePlaces places, CancellationToken cancellation)
    {
        await using var versions = around.Cloud.Objects.ListVersionsAsync(places.Target, "", null, cancellation)
            .GetAsyncEnumerator(cancellation);
        if (await versions.MoveNextAsync())
        {
            throw new RefusedActException("PinMissing",
                "nothing beside the data says under which key it was made: restore .byok/pin.json in the store from "
                    + "an earlier version")
                {
                    NeedsPerson = true,
                };
        }
    }

    /// <summary>Null where no record of it is left.</summary>
    private Task<StoreRecord?> LeftAsync(EncryptedStore store, string origin, CancellationToken cancellation) =>
        records.FirstStandingAsync(around.Cluster.LeftBy(store).Where(left => left.Origin == origin)
            .Select(left => left.Owner), cancellation);
}
