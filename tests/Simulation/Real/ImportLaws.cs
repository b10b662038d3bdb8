using System.Text.Json.Nodes;
using ByokOperator.Api;
using Simulation.Real.Clouds;

namespace Simulation.Real;

/// <summary>The laws about imported keys, held against how things really are.</summary>
internal sealed class ImportLaws
{
    private readonly World world;
    private readonly Dictionary<string, int> first = [];
    private LawBrokenException? broken;
    private long read;

    public ImportLaws(World world)
    {
        this.world = world;
        world.Account.Imports.Importing = Imports;
        world.Account.Imports.Going = Goes;
    }

    public void Check()
    {
        if (broken is not null)
        {
            throw broken;
        }

        foreach (var home in world.Homes.Where(home => home.IsImported))
        {
            CheckKnown(home);
        }

        CheckMemoryOnly();
    }

    /// <summary>Law 1, once the operator had the time: nothing of a tenant that revokes is left in any region.</summary>
    public void CheckWithdrawn()
    {
        if (world.Account.Imports.All.FirstOrDefault(key => key.Material != 0 && HomeOf(key).IsRevoked) is { } left)
        {
            throw new LawBrokenException("1", $"the tenant has revoked the key, and its material stands in {left.Region}");
        }
    }

    /// <summary>Law 5: whatever lives bears its name, or is announced by a note; nothing lives of whose object and record nothing is left.</summary>
    private void CheckKnown(Home home)
    {
        var record = world.People.KeyRecord(home);
        var regions = record is null ? null : JsonNode.Parse((string)record["data"]!["record"]!)!["regions"];
        foreach (var key in world.Account.Imports.All.Where(key => !key.Import!.IsGoing && key.Import.Owner.Namespace == home.Namespace))
        {
            if (!world.Account.Imports.IsNamed(key) && regions?[key.Region]?["creatingSince"] is null)
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
        var now = world.Server.Store.Version;
        foreach (var resource in world.Server.Catalog.Resources)
        {
            if (world.Server.Store.Since(resource, read).Changes.FirstOrDefault(change => Handed.IsToldIn(change.Text.Whole)) is { } told)
            {
                throw new LawBrokenException("11", $"{resource.Kind} {told.After["metadata"]!["name"]} tells the secret that was handed over");
            }
        }

        read = now;
    }

    private void Imports(CloudKey key, int material)
    {
        var home = HomeOf(key);
        first.TryAdd(home.Namespace, material);
        if (home.IsRevoked)
        {
            broken ??= new LawBrokenException("1", "material was imported although the tenant has revoked the key");
        }

        if (first[home.Namespace] != material)
        {
            broken ??= new LawBrokenException("4", "another material was imported than the first");
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
