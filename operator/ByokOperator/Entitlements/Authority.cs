using System.Collections.Concurrent;
using ByokOperator.Api;
using Cloud.Keys;
using Kube.Core;

namespace ByokOperator.Entitlements;

/// <summary>
/// What the platform gave, all Tenants of one moment together. Pure: the same Tenants give the same answers, in
/// whatever order they come. A Tenant that breaks a rule gives nothing,
/// and keeps what it names from others all the same.
/// </summary>
internal sealed class Authority
{
    public static readonly Authority None = Of([]);

    private readonly IReadOnlyList<Tenant> tenants;
    private readonly ILookup<string, Claim> claims;
    private readonly Dictionary<string, int> ranks = new(StringComparer.Ordinal);

    /// <summary>By rank, once somebody asks: each look at an object does,
    /// and few ask about more than one Tenant.</summary>
    private readonly ConcurrentDictionary<int, bool> faulty = new();

    private readonly ConcurrentDictionary<int, KeyBounds> bounds = new();

    private Authority(IReadOnlyList<Tenant> tenants)
    {
        this.tenants = tenants;
        foreach (var (tenant, rank) in tenants.Select((tenant, rank) => (tenant, rank)))
        {
            ranks.TryAdd(tenant.Metadata.Name, rank);
        }

        claims = tenants.SelectMany((tenant, rank) => Claim.Of(tenant.Spec, rank)).ToLookup(claim => claim.Thing);
    }

    public IReadOnlyList<Tenant> Tenants => tenants;

    /// <summary>Of those that are being deleted nothing counts any more.</summary>
    public static Authority Of(IEnumerable<Tenant> tenants) => new(
    [
        .. tenants.Where(tenant => tenant.Metadata.DeletionTimestamp is null)
            .OrderBy(tenant => tenant.Metadata.CreationTimestamp)
            .ThenBy(tenant => tenant.Metadata.Name, StringComparer.Ordinal),
    ]);

    /// <summary>The tenant that has this namespace; null where none has.</summary>
    public Tenant? TenantOf(string ns) => RankOf(ns) is { } rank ? tenants[rank] : null;

    /// <summary>How often the keys of this namespace are asked at most, and how long they are borne not to know: read
    /// once, however many keys there are.</summary>
    public KeyBounds BoundsOf(string ns) => RankOf(ns) is { } rank
        ? bounds.GetOrAdd(rank, static (rank, tenants) => KeyBounds.Of(tenants[rank].Spec.Limits), tenants)
        : KeyBounds.Default;

    /// <summary>The namespaces that are this tenant's, with what they are for.</summary>
    public IEnumerable<TenantSpecNamespace> NamespacesOf(Tenant tenant) =>
        tenant.Spec.Namespaces.Where(one => TenantOf(one.Name)?.Metadata.Name == tenant.Metadata.Name);

    /// <param name="key">As far as it is followed.</param>
    /// <param name="older">How many keys of the same tenant are older.</param>
    public Ruling Judge(TenantEncryptionKey key, int older) => Judge(key.Metadata, grant => grant.Lacking(key, older));

    /// <param name="store">As far as it is followed.</param>
    /// <param name="older">How many stores of the same tenant are older.</param>
    public Ruling Judge(EncryptedStore store, int older) => Judge(store.Metadata, grant => grant.Lacking(store, older));

    /// <summary>What the platform wrote for this tenant; null where it wrote nothing,
    /// or what can't be followed.</summary>
    public TenantSpec? Followed(string name) =>
        ranks.TryGetValue(name, out var rank) && !IsFaulty(rank) ? tenants[rank].Spec : null;

    /// <summary>Who uses this tenant's data: what an older Tenant names is that one's.</summary>
    public DataPrincipal WorkloadsOf(string name)
    {
        if (Followed(name)?.Stores.DataPrincipals is not { } named)
        {
            return DataPrincipal.Nobody;
        }

        return new DataPrincipal(Own(named.Aws), Own(named.Azure));

        string? Own(string? principal) =>
            principal is null || IsTaken(Claim.Principal(principal), "", ranks[name], isNamed: true) ? null : principal;
    }

    /// <summary>The platform says that it deleted this place of the tenant's.</summary>
    /// <param name="name">Of the Tenant.</param>
    /// <param name="place">A bucket, an account.</param>
    public bool Releases(string name, string place) => Followed(name)?.Released.Any(one => one.Place == place) == true;

    /// <summary>Which earlier object's place the platform lets this store take back;
    /// null where it says nothing of it.</summary>
    public string? ConsentFor(EncryptedStore store) => Consent(store.Metadata, entry => entry.Store);

    /// <summary>Which earlier object's key in the clouds the platform lets this key take back;
    /// null where it says nothing of it.</summary>
    public string? ConsentFor(TenantEncryptionKey key) => Consent(key.Metadata, entry => entry.Key);

    /// <summary>What touches what another tenant has or names, for the platform's people: told on both.</summary>
    public IReadOnlyList<string> OverlapsOf(Tenant tenant)
    {
        var rank = Rank(tenant);
        return
        [
            .. Claim.Of(tenant.Spec, rank)
                .SelectMany(mine =>
                    claims[mine.Thing].Where(other => other.Rank != rank && mine.Touches(other))
                        .Select(other => Told(mine, other)))
                .Distinct().Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Whom a change of this Tenant may concern: those that name something of what it names,
    /// or anything.</summary>
    public IEnumerable<Tenant> TouchedBy(Tenant tenant)
    {
        var mine = Claim.Of(tenant.Spec, 0).ToList();
        return tenants.Where((other, rank) => other.Metadata.Name != tenant.Metadata.Name
            && (Grant.NamesAnything(other.Spec)
                || mine.Exists(claim =>
                    claims[claim.Thing].Any(theirs => theirs.Rank == rank && claim.Touches(theirs)))));
    }

    /// <summary>Whether somebody else has what is asked for: an older Tenant that names it,
    /// or any where this one only says <c>"*"</c>.</summary>
    internal bool IsTaken(string thing, string prefix, int rank, bool isNamed) =>
        claims[thing]
            .Any(claim =>
                claim.Rank != rank && (claim.Rank < rank || !isNamed) && FieldRules.Overlap(claim.Prefix, prefix));

    private string? Consent(ObjectMeta metadata, Func<TenantSpecAdopt, string> named) =>
        RankOf(metadata.Namespace ?? "") is { } rank && !IsFaulty(rank)
            ? tenants[rank].Spec.Adopt
                .FirstOrDefault(entry => entry.Namespace == metadata.Namespace && named(entry) == metadata.Name)?.Uid
            : null;

    private Ruling Judge(ObjectMeta metadata, Func<Grant, IEnumerable<string>> lacking)
    {
        if (RankOf(metadata.Namespace ?? "") is not { } rank)
        {
            return Ruling.NoTenant(metadata.Namespace ?? "");
        }

        var tenant = tenants[rank];
        return IsFaulty(rank)
            ? Ruling.NotGranted(
                [$"what the platform wrote for this tenant can't be followed: the platform has to mend Tenant "
                    + $"{tenant.Metadata.Name}"])
            : lacking(new Grant(this, tenant, rank)).ToList() is [_, ..] lacks ? Ruling.NotGranted(lacks)
            : new Ruling.Granted(tenant.Metadata.Name);
    }

    private bool IsFaulty(int rank) =>
        faulty.GetOrAdd(rank, static (rank, tenants) => TenantRules.Check(tenants[rank]).Count > 0, tenants);

    private int? RankOf(string ns) => claims[Claim.Namespace(ns)].MinBy(claim => claim.Rank)?.Rank;

    /// <summary>Of one that does not count, behind all that do.</summary>
    private int Rank(Tenant tenant) => ranks.GetValueOrDefault(tenant.Metadata.Name, tenants.Count);

    private string Told(Claim mine, Claim other) =>
        $"{mine.Field}: {mine.Words} {(mine.Words == other.Words ? "is" : $"overlaps {other.Words}, which is")} also "
            + $"in Tenant {tenants[other.Rank].Metadata.Name}, which is "
            + $"{(other.Rank < mine.Rank ? "older and has it" : "newer and does not get it")}: take it away in one of "
            + "them";
}
