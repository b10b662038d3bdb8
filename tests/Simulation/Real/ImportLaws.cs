using System.Text.Json.Nodes;
using ByokOperator.Api;
using Simulation.Real.Clouds;

namespace Simulation.Real;

/// <summary>The laws about imported keys, held against how things really are.</summary>
internal sealed class ImportLaws
{
    private static readonly string[] regions = [World.Region, World.OtherRegion];

    private readonly World world;
    private readonly Dictionary<string, List<int>> bound = [];
    private readonly HashSet<CloudKey> excused = [];
    private LawBrokenException? broken;
    private long read;

    public ImportLaws(World world)
    {
        this.world = world;
        world.Account.Imports.Importing = Imports;
        world.Account.Imports.Rotating = Rotates;
        world.Account.Imports.Going = Goes;
        world.RecordLost = Forget;
    }

    public void Check()
    {
        if (broken is not null)
        {
            throw broken;
        }

        foreach (var home in world.Homes)
        {
            if (home.IsImported)
            {
                CheckKnown(home);
            }
        }

        CheckMemoryOnly();
    }

    /// <summary>Law 1, once the operator had the time: nothing of a tenant that
    /// revokes is left in any region.</summary>
    public void CheckWithdrawn()
    {
        if (world.Account.Imports.All.FirstOrDefault(key =>
            key.Import!.IsAnyHeld && HomeOf(key) is { IsRevoked: true } home && IsOfNow(home, key)) is { } left)
        {
            throw new LawBrokenException("1",
                $"the tenant has revoked the key, and its material stands in {left.Region}");
        }
    }

    /// <summary>No creation is on record of which the cloud's list may still lack something.</summary>
    public bool HasSettled(Home home) => !world.People.KeyRecords(home)
        .SelectMany(record => regions.Select(region => (DateTimeOffset?)record["regions"]?[region]?["creatingSince"]))
        .Any(since => since is { } noted && world.Now - noted <= world.Settling + world.Settling);

    /// <summary>Law 9: one key stands in each region, bears the name, and holds what was handed over.
    /// Null where it does.</summary>
    public string? IsMissing(Home home)
    {
        foreach (var region in regions)
        {
            var alive = world.Account.Imports.All.Where(key =>
                key.Region == region && !key.Import!.IsGoing && IsOfNow(home, key)
                    && (world.Account.Imports.IsNamed(key) || !excused.Contains(key))).ToList();
            if (alive is not [{ Material: not 0 } only] || !world.Account.Imports.IsNamed(only))
            {
                return $"{region}: {string.Join(", ", alive.Select(key => $"{key.Arn} holds {key.Material}"))}";
            }

            if (only.Import!.Given.Count != home.Generation || only.Import.Pending is not null)
            {
                return $"{region}: {only.Arn} has {only.Import.Given.Count} materials";
            }
        }

        return null;
    }

    /// <summary>Its names are made of the object that stands now,
    /// or of the one that this took them back from.</summary>
    private bool IsOfNow(Home home, CloudKey key) => world.People.Identity(home) == key.Import!.Owner.Uid;

    /// <summary>What was only on a record that people took away nobody knows any more: not which secret was the first,
    /// nor what stands without a name.</summary>
    private void Forget(Home home, bool withObject)
    {
        foreach (var key in world.Account.Imports.All.Where(key => HomeOf(key) == home))
        {
            bound.Remove(key.Import!.Owner.Uid);
            if (withObject || !world.Account.Imports.IsNamed(key))
            {
                excused.Add(key);
            }
        }
    }

    /// <summary>Law 5: whatever lives bears its name, or is announced by a note;
    /// nothing lives of whose object and record nothing is left.</summary>
    private void CheckKnown(Home home)
    {
        IReadOnlyList<JsonNode>? records = null;
        foreach (var key in world.Account.Imports.All)
        {
            if (key.Import!.IsGoing || key.Import.Owner.Namespace != home.Namespace || excused.Contains(key))
            {
                continue;
            }

            if (!world.Account.Imports.IsNamed(key) && !world.People.IsAKeyRecordHurt(home)
                && !(records ??= world.People.KeyRecords(home))
                    .Any(record => record["regions"]?[key.Region]?["creatingSince"] is not null))
            {
                throw new LawBrokenException("5", $"a key stands in {key.Region} that nobody knows of");
            }

            if (world.People.Key(home) is null && world.People.Left(home, "key").Count == 0)
            {
                throw new LawBrokenException("5", $"the object is gone and its key in {key.Region} is not");
            }
        }
    }

    /// <summary>Law 11: no object of the cluster tells a secret.</summary>
    private void CheckMemoryOnly()
    {
        if (world.Server.Store.Since(read).FirstOrDefault(change => Handed.IsToldIn(change.Text.Whole)) is { } told)
        {
            throw new LawBrokenException("11",
                $"{told.Resource.Kind} {told.After["metadata"]!["name"]} tells the secret that was handed over");
        }

        read = world.Server.Store.Version;
    }

    private void Imports(CloudKey key, int material)
    {
        var (home, owner) = (HomeOf(key), key.Import!.Owner.Uid);
        if (home.IsRevoked || home.IsOnStandby)
        {
            broken ??= new LawBrokenException("1",
                $"material was imported although the tenant {(home.IsRevoked ? "has revoked" : "never activated")} "
                    + "the key");
        }

        if (!home.IsGiven)
        {
            broken ??= new LawBrokenException("12", "material was imported that the platform does not give");
        }

        var known = bound.TryGetValue(owner, out var earlier) ? earlier : bound[owner] = [];
        if (!known.Contains(material) && known.Count >= home.Generation)
        {
            broken ??= new LawBrokenException("4", home.Generation == 1 ? "another material was imported than the first"
                : "a material was imported that no generation was raised for");
        }
        else if (!known.Contains(material))
        {
            known.Add(material);
        }
    }

    /// <summary>Law 9: new data goes under new material once every region has it.</summary>
    private void Rotates(CloudKey key)
    {
        if (world.Account.Imports.All.Any(one =>
            !one.Import!.IsGoing && one.Import.Owner == key.Import!.Owner
                && !one.Import.Given.Exists(given => given.Secret == key.Import.Pending!.Secret && given.IsHeld)))
        {
            broken ??= new LawBrokenException("9", "new material was made current though a region lacks it");
        }
    }

    private void Goes(CloudKey key)
    {
        if (HomeOf(key) is { HoldsData: true } home && home.CloudKey == key && home.PinnedMaterial != 0)
        {
            broken ??= new LawBrokenException("7", "a key was scheduled for deletion while data stands under it");
        }
    }

    private Home HomeOf(CloudKey key) => world.Homes.First(home => home.Namespace == key.Import!.Owner.Namespace);
}
