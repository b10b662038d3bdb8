using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using Simulation.Real.Clouds;
using Simulation.Real.Operators;

namespace Simulation.Real.Changes;

/// <summary>The laws of a store that goes from one of its tenant's keys to another,
/// held against how things really are.</summary>
internal sealed class ChangeLaws(World world) : Laws(world)
{
    private readonly HashSet<string> everPinned = [];
    private string? lastDefault;

    /// <summary>What this process has learned of a key.</summary>
    public required Func<Home, Learned> Known { get; set; }

    private Home Store => World.Homes[0];

    private IEnumerable<Home> Keys => Store.Spares.Prepend(Store);

    /// <summary>Full ids of the keys that the operator's record pins; null where nobody can read it,
    /// or none stands.</summary>
    public IReadOnlyList<string>? Pinned =>
        World.People.StoreRecord(Store) is { } record && (string?)record["pin"]?["keyId"] is { } first
            ? [first, .. (record["alsoPinned"]?.AsArray() ?? []).Select(one => (string)one!["pin"]!["keyId"]!)]
            : null;

    /// <summary>Name of the key object that the record puts the default on.</summary>
    public string? Default => (string?)World.People.StoreRecord(Store)?["place"]?["keyName"];

    /// <summary>One revoked key of all that objects stand under is enough.</summary>
    public override bool MustClose(Home home, Learned known) =>
        IsFollowed(home)
            && Keys.Any(key => IsPinned(key) && Known(key).IsSurelyRevoked(World.People.CanaryMaterial(key)));

    public override void CheckChoice(Home home, Plan<StoreWorld> plan, StoreWorld seen, Learned known)
    {
        // What it saw may be of a moment ago; of a key that was never pinned nothing closes at any time.
        var named = Keys.Where(key =>
            IsPinned(key)
                || (everPinned.Contains(key.CloudKey.Arn) && seen.AlsoPinned.Any(one => one.Name == key.Key.Name)))
                    .ToList();
        if (named.Count > 0 && plan.Name == StorePlan.Closing
            && named.TrueForAll(key => Known(key).IsSurelyUsable(World.People.CanaryMaterial(key)))
            && StoreVerdict.MustClose(seen) is not { Reason: "StoreUnseenTooLong" })
        {
            throw new LawBrokenException("3",
                $"a store was being closed ({StoreVerdict.MustClose(seen)?.Reason}) though each of its keys had "
                    + "proved itself within maxStaleness");
        }
    }

    /// <summary>People may open an account by hand: what a turn that did not look left in status is of
    /// before.</summary>
    public override void CheckWords(Home home, Turn turn)
    {
        if (turn.Chose is not null)
        {
            base.CheckWords(home, turn);
        }
    }

    public override void Acted(Home home, Openness before, Learned known)
    {
        if (before.Canary is { } canary && World.People.CanaryMaterial(home) is { } now && now != canary)
        {
            throw new LawBrokenException("4", "a canary was overwritten by that of another key");
        }

        everPinned.UnionWith(Pinned ?? []);
        CheckStandsUnderPinned();
        CheckBuckets();
        CheckDefault();
        if (before.Opened(Openness.Of(home, World)) is not { } opened || Pinned is null)
        {
            return;
        }

        foreach (var key in Keys.Where(key => IsPinned(key) || Under(key).Any()))
        {
            if (Known(key).IsRevokedByTenant || key.CloudKey.IsOff)
            {
                throw new LawBrokenException("1",
                    $"{opened} was opened while {key.Key.Name} is revoked, which objects stand under");
            }

            if (Under(key).Any(entry => !key.CloudKey.Opens(entry.Material)))
            {
                throw new LawBrokenException("4",
                    $"{opened} was opened on another key than the one under {key.Key.Name}");
            }
        }
    }

    /// <summary>Law 7: no key is taken off the list, and nothing is put under one that is not on it,
    /// while anything stands under it.</summary>
    public void CheckStandsUnderPinned()
    {
        if (Pinned is { } pinned && Store.HoldsData
            && Everywhere.FirstOrDefault(entry => !entry.IsMarker && !pinned.Contains(entry.KeyId)) is { } stray)
        {
            throw new LawBrokenException("7", $"{stray.Key} stands under {Named(stray.KeyId)}, which is not pinned");
        }
    }

    /// <summary>Law 7: no bucket of a store is off the record that tells of it while it stands.</summary>
    private void CheckBuckets()
    {
        if (World.People.StoreRecord(Store) is { } record
            && Store.Others.FirstOrDefault(bucket =>
                !bucket.Name.EndsWith($"-{(int?)record["other"]?["number"]}", StringComparison.Ordinal)) is { } left)
        {
            throw new LawBrokenException("7", $"{left.Name} stands, and the store's record does not speak of it");
        }
    }

    /// <summary>The tenant's key object goes: nothing may stand under it.</summary>
    public override void KeyLetGo(Home home)
    {
        if (Under(home).Any())
        {
            throw new LawBrokenException("7", $"{home.Key.Name} was let go while data stands under it");
        }
    }

    /// <summary>A key that is off gets nobody's default.</summary>
    private void CheckDefault()
    {
        var standing = Default;
        if (standing is not null && lastDefault is not null && standing != lastDefault
            && Keys.First(key => key.Key.Name == standing) is var next
            && (next.CloudKey.IsOff || Known(next).IsRevokedByTenant))
        {
            throw new LawBrokenException("1", $"the default was put on {standing}, which is revoked");
        }

        lastDefault = standing ?? lastDefault;
    }

    private bool IsPinned(Home key) => Pinned?.Contains(key.CloudKey.Arn) == true;

    private IEnumerable<Entry> Everywhere =>
        Store.Others.Prepend(Store.Target).OfType<Bucket>().SelectMany(bucket => bucket.Under(""));

    private IEnumerable<Entry> Under(Home key) => Store.HoldsData
        ? Everywhere.Where(entry => !entry.IsMarker && entry.KeyId == key.CloudKey.Arn)
        : [];

    private string Named(string id) => Keys.FirstOrDefault(key => key.CloudKey.Arn == id)?.Key.Name ?? $"'{id}'";
}
