using System.Collections.Concurrent;
using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using Cloud.Objects;
using Cloud.Stores;
using Kube.Core;

namespace ByokOperator.Migrations;

/// <summary>
/// Counts what a move would take, a slice at each look, and keeps its place between: no look lists for long, and what
/// is held of it are counts. Nothing is written anywhere, so a plan is this process's; after a restart it is counted
/// anew. A Job would have to leave its answer somewhere,
/// and before the move there is no place of the store's own to leave it in.
/// </summary>
internal sealed class PlanLook(OperatorContext around)
{
    /// <summary>Of one look. Others wait for their turn meanwhile.</summary>
    private static readonly TimeSpan slice = TimeSpan.FromSeconds(2);

    /// <summary>Entries of one look, however fast they come.</summary>
    private const int MostOfSlice = 20_000;

    /// <summary>What was counted is counted anew after so long.</summary>
    private static readonly TimeSpan keptFor = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<ObjectKey, Place> places = new();

    /// <param name="store">Whose plan it is.</param>
    /// <param name="source">What is counted.</param>
    /// <param name="fingerprint">Names what is counted and how it would be moved: for another,
    /// the count begins anew.</param>
    /// <param name="glance">As everywhere.</param>
    /// <param name="beside">Looks beside what is counted, once, at the end.</param>
    public async Task<Fact<PlanFacts>> LookAsync(
        EncryptedStore store, SharedRef source, string fingerprint, Glance glance,
        Func<CancellationToken, Task<FailureText?>>? beside = null)
    {
        var (now, asked) = (around.Time.GetUtcNow(), store.Metadata.Annotations?.GetValueOrDefault(Labels.ReconcileAt));
        var place = places.GetValueOrDefault(store.Metadata.Key) is { } known && known.Fingerprint == fingerprint
            && !(known.CountedAt is { } at && (at + keptFor <= now || known.Asked != asked))
            ? known
            : new Place(fingerprint, asked, around);
        places[store.Metadata.Key] = place;
        if (place.CountedAt is not null)
        {
            return Fact.Seen(place.ToFacts());
        }

        return await glance.OfAsync(async cancellation =>
        {
            if (await CountAsync(place, source, cancellation))
            {
                place.Beside = beside is null ? null : await beside(cancellation);
                place.CountedAt = around.Time.GetUtcNow();
            }

            return place.ToFacts();
        });
    }

    public void Forget(ObjectKey store) => places.TryRemove(store, out _);

    /// <returns>Whether the listing came to its end.</returns>
    private async Task<bool> CountAsync(Place place, SharedRef source, CancellationToken cancellation)
    {
        var (began, listed) = (around.Time.GetTimestamp(), 0);
        List<ObjectVersion> ofKey = [];
        await foreach (var version
            in TenantListing.OfAsync(around.Cloud.Objects, source.Store, source.Prefix, place.AfterKey, cancellation))
        {
            if (ofKey.Count > 0 && ofKey[0].Key != version.Key)
            {
                await CountAsync(place, source.Store, ofKey, cancellation);
                ofKey = [];
                if (listed >= MostOfSlice || around.Time.GetElapsedTime(began) > slice)
                {
                    return false;
                }
            }

            ofKey.Add(version);
            listed++;
        }

        await CountAsync(place, source.Store, ofKey, cancellation);
        return true;
    }

    /// <summary>A name is counted once all of it was looked at, so that nothing is counted twice.</summary>
    private static async Task CountAsync(
        Place place, StoreRef store, IReadOnlyList<ObjectVersion> ofKey, CancellationToken cancellation)
    {
        await place.Sample.LookAsync(store, ofKey, cancellation);
        place.Counted(ofKey, CopyShape.Of(store.Cloud));
    }

    /// <summary>How far a count is. One look at a store at a time writes it.</summary>
    private sealed class Place
    {
        private readonly MoveCounts tally = new();

        public Place(string fingerprint, string? asked, OperatorContext around)
        {
            (Fingerprint, Asked) = (fingerprint, asked);
            Sample = new PlanSample(around.Cloud.Objects, around.Time, tally);
        }

        public string Fingerprint { get; }

        public string? Asked { get; }

        public PlanSample Sample { get; }

        /// <summary>The last name that was counted whole.</summary>
        public string? AfterKey { get; private set; }

        public DateTimeOffset? CountedAt { get; set; }

        public FailureText? Beside { get; set; }

        public void Counted(IReadOnlyList<ObjectVersion> ofKey, CopyShape shape)
        {
            if (ofKey.Count > 0)
            {
                tally.Add(ofKey, shape);
                AfterKey = ofKey[0].Key;
            }
        }

        public PlanFacts ToFacts() => new(Fingerprint, CountedAt, tally) { Beside = Beside };
    }
}

/// <summary>The count that a plan is made of, as far as it is.</summary>
/// <param name="CountedAt">Null while it goes on.</param>
internal sealed record PlanFacts(string Fingerprint, DateTimeOffset? CountedAt, MoveCounts Counts)
{
    /// <summary>What was found beside what is counted, once that came to its end, and would keep it from being moved;
    /// null where nothing was.</summary>
    public FailureText? Beside { get; init; }
}
