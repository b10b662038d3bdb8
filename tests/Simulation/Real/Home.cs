using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Stores;
using Kube.Core;
using Simulation.Real.Clouds;

namespace Simulation.Real;

/// <summary>One tenant: its namespace with a key and a store, its key in its own KMS, its prefix in the shared bucket,
/// and what its clients were told.</summary>
/// <param name="ns">Its namespace.</param>
/// <param name="world">Where it is.</param>
/// <param name="key">Name of the key's object; another than the usual one is a further key of a tenant that has such a
/// home already, and no store.</param>
internal sealed class Home(string ns, World world, string key = Home.UsualKey)
{
    public const int Objects = 3;

    public const string UsualKey = "key";

    /// <summary>Its own, in which its key stands.</summary>
    public const string Account = "222222222222";

    public string Namespace => ns;

    public ObjectKey Key { get; } = new(ns, key);

    public ObjectKey Store { get; } = new(ns, "data");

    /// <summary>One tenant's begins as the other's does, up to the slash.</summary>
    public string Prefix => $"{ns}/";

    private readonly CloudKey kept = world.IsAzure ? new(world.KeyRegion, OnAzure.KeyOf(ns, key))
        : new(World.Region, $"arn:aws:kms:{World.Region}:{Account}:key/{ns}{(key == UsualKey ? "" : $"-{key}")}");

    /// <summary>The one that its data is put under: its own,
    /// or the platform's that its secret was imported into.</summary>
    public CloudKey CloudKey =>
        IsImported ? PinnedKey ?? world.Account.Imports.Of(Namespace, World.Region) ?? kept : kept;

    /// <summary>Of the platform's keys the one that its data was put under; null: none was yet.</summary>
    public CloudKey? PinnedKey { get; set; }

    /// <summary>The tenant hands a secret over instead of keeping a key.</summary>
    public bool IsImported { get; set; }

    /// <summary>Further keys of the tenant's, which its store may go to: homes with nothing but a key.</summary>
    public List<Home> Spares { get; } = [];

    /// <summary>Of the store's spec; null: what is usual.</summary>
    public string? Overlap { get; set; }

    /// <summary>Which secret stands there to be imported; zero: none.</summary>
    public int HandedOver { get; set; }

    /// <summary>The tenant's word as it is, whoever heard of it.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>Of material, as its spec asks for it.</summary>
    public int Generation { get; set; } = 1;

    /// <summary>When that is to end; null: never.</summary>
    public string? ValidTo { get; set; }

    /// <summary>It never said more than that.</summary>
    public bool IsOnStandby { get; set; }

    /// <summary>It wraps with a key pair that was made for it alone.</summary>
    public bool AsksForRequests { get; set; }

    /// <summary>Of which earlier object the platform lets its key take back what stands; null: of none.</summary>
    public string? ConsentedKey { get; set; }

    /// <summary>Where the tenant hands it over.</summary>
    public ObjectKey Upload { get; } = new(ns, "key-import");

    /// <summary>What clients were told to be stored.</summary>
    public Bucket Acknowledged { get; } = new("acknowledged");

    /// <summary>Written past a fence that a person took away.</summary>
    public List<Entry> Orphans { get; } = [];

    /// <summary>A person took the fence away; until it stands again, a late write is that person's doing.</summary>
    public bool FenceIsLiftedByHand { get; set; }

    /// <summary>Statements of others in its bucket's policy: they stand beside an open store,
    /// whatever happened meanwhile.</summary>
    public List<string> Foreigners { get; } = [];

    public bool HasShared { get; set; } = true;

    /// <summary>The platform's word as it is, whoever heard of it.</summary>
    public bool IsGiven { get; set; }

    public bool Quiesces { get; set; }

    /// <summary>It moves in a maintenance window alone: two minutes of three.</summary>
    public bool Waits { get; set; }

    public bool IsPlanned { get; set; }

    public string DeletionPolicy { get; set; } = DeletionPolicies.Retain;

    /// <summary>UID of the store's first object; the bucket and everything of it are called after it.</summary>
    public string? Uid { get; private set; }

    /// <summary>Of the store's objects, one after the other: after a restore the same names have others.</summary>
    public List<string> Uids { get; } = [];

    /// <summary>The platform's consent to take back what an earlier object left,
    /// as long as it gives anything.</summary>
    public bool Consents { get; set; }

    /// <summary>Its place is an earlier object's still.</summary>
    public bool IsAnEarliers => HoldsData && Target!.RightOwner != Uids[^1];

    /// <summary>The material that the data was put under; zero: none was yet.</summary>
    public int PinnedMaterial { get; set; }

    public bool IsDeletionConfirmed { get; set; }

    /// <summary>The key object that the data was put under was taken away; another one of its name is another key to
    /// whoever can't tell the material.</summary>
    public bool KeyWasForced { get; set; }

    /// <summary>A person deleted the key's record: the canary that is made anew
    /// is another's to whoever can't tell the material.</summary>
    public bool CanaryWasDeleted { get; set; }

    /// <summary>Readers were pointed at the target once; that mark may be emptied with everything else.</summary>
    public bool WasServed { get; set; }

    /// <summary>How a stranger's bucket of the store's name looks; null where there is none.</summary>
    public string? Stranger { get; set; }

    public Bucket? Target => Uid is null ? null : world.Account.Find(TargetName);

    public string TargetName
    {
        get => FollowsRecord && (string?)world.People.StoreRecord(this)?["target"] is { Length: > 0 } recorded
            ? recorded : field;
        private set;
    } = NameOf(world, ns, "");

    /// <summary>A change of key may move it to another bucket.</summary>
    public bool FollowsRecord { get; set; }

    /// <summary>Further buckets that this operator made for the store.</summary>
    public IEnumerable<Bucket> Others => !FollowsRecord || Uid is null ? []
        : world.Account.Buckets.Values.Where(bucket => bucket.MadeFor == Uid && bucket.Name != TargetName);

    public Bucket Shared => world.Account.Buckets[World.SharedBucket];

    public string? Fence => Uid is not null && Shared.Fences.TryGetValue(Uid, out var fence) ? fence.Token : null;

    /// <summary>Nobody but the operator writes under the prefix.</summary>
    public bool IsFenced =>
        Shared.Fences.Values.Any(fence => Prefix.StartsWith(fence.Prefix, StringComparison.Ordinal));

    public bool IsOurs => Target is { } target && target.Owner == Uids[^1];

    /// <summary>Whatever its tag says by now: this operator made it for this store.</summary>
    public bool HoldsData => Target is { } target && target.MadeFor == Uid;

    public bool IsServed => HasMark("served.json");

    public bool IsRetired => HasMark("retired.json");

    public bool IsGranted => CloudKey.Grants.Contains($"byok-{Uid}");

    public bool IsBound => world.People.Binding(this) is not null;

    public string Binding => StoreNames.BindingOf(Store.Name);

    /// <summary>Another object of its name stands.</summary>
    public void Applied(string uid)
    {
        Uid = HoldsData ? Uid : uid;
        TargetName = NameOf(world, Namespace, Uid!);
        Uids.Add(uid);
    }

    private static string NameOf(World world, string tenant, string uid) =>
        world.IsAzure ? $"{DerivedNames.Account(tenant, uid)}/data" : DerivedNames.Bucket(tenant, uid);

    private bool HasMark(string name) => Target?.Of(".byok/" + name) is [.., { IsMarker: false }];
}
