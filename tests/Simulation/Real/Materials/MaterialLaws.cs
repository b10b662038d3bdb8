using System.Text.Json.Nodes;
using Simulation.Real.Clouds;

namespace Simulation.Real.Materials;

/// <summary>The laws of a key that is given new material time and again, held against how things really are.</summary>
internal sealed class MaterialLaws
{
    private static readonly string[] regions = [World.Region, World.OtherRegion];

    private readonly World world;
    private readonly ImportLaws imports;
    private readonly Dictionary<int, int> begunBy = [];
    private LawBrokenException? broken;

    public MaterialLaws(World world)
    {
        this.world = world;
        imports = new ImportLaws(world);
        var others = world.Account.Imports.Importing;
        world.Account.Imports.Importing = (key, material) =>
        {
            others?.Invoke(key, material);
            Imports(material);
        };
    }

    private Home Home => world.Homes[0];

    private IEnumerable<CloudKey> Keys => world.Account.Imports.All.Where(key => !key.Import!.IsGoing);

    /// <summary>As the operator has them on record, oldest first; null where nobody can read it.</summary>
    public IReadOnlyList<int>? Recorded =>
        OnRecord is { } known ? [.. known.Select(one => Handed.OfFingerprint((string?)one!["fingerprint"]))] : null;

    private JsonArray? OnRecord => world.People.KeyRecord(Home) is { } record && !world.People.IsHurt(record)
        ? JsonNode.Parse((string)record["data"]!["record"]!)!["materials"]?.AsArray() ?? []
        : null;

    /// <summary>The newest that was begun, whether it is anywhere yet.</summary>
    public int Newest => Recorded is [.., var newest] ? newest : 0;

    /// <summary>What some region has, or had, and another lacks, or has lost.</summary>
    public IReadOnlyList<int> Missing => [.. (Recorded ?? []).Where(one => Keys.Any(key => !Holds(key, one))
        && (Keys.Any(key => key.Import!.Given.Exists(given => given.Secret == one))
            || Keys.All(key => key.Import!.Given is [])))];

    private static bool Holds(CloudKey key, int secret) =>
        key.Import!.Given.Exists(one => one.Secret == secret && one.IsHeld);

    public void Check()
    {
        imports.Check();
        if (broken is not null)
        {
            throw broken;
        }

        if (Recorded is { } recorded
            && Keys.SelectMany(key => key.Import!.Given)
                .FirstOrDefault(one => !recorded.Contains(one.Secret)) is { } unknown)
        {
            throw new LawBrokenException("7",
                $"material {unknown.Secret} is in a key, and the record does not know of it: nobody will ask for it "
                    + $"again");
        }
    }

    public void CheckWithdrawn() => imports.CheckWithdrawn();

    /// <summary>
    /// Law 9: each region's key has the same materials, all of them on record and there, and the newest is current. How
    /// many there are the generation does not say: one upload may follow two raises, and what was taken away before it
    /// was current is followed by another. Null where it holds.
    /// </summary>
    public string? IsMissing()
    {
        var given = Keys.SelectMany(key => key.Import!.Given).Select(one => one.Secret).ToHashSet();
        if (Recorded?.Where(given.Contains).ToList() is not [_, ..] wanted)
        {
            return "nothing that is on record is anywhere";
        }

        foreach (var region in regions)
        {
            if (Keys.Where(key => key.Region == region).ToList() is not [{ Import: { } there }])
            {
                return $"{region} has another number of keys than one";
            }

            if (!there.Given.Select(one => one.Secret).SequenceEqual(wanted)
                || !there.Given.TrueForAll(one => one.IsHeld)
                || there.Pending is not null || there.Current?.Secret != wanted[^1])
            {
                var has = there.Given.Select(one => $"{one.Secret} {one.Use} {(one.IsHeld ? "there" : "gone")}");
                return $"{region}: {string.Join(", ", has)}; on record: {string.Join(" ", Recorded)}";
            }
        }

        return null;
    }

    /// <summary>Law 4: one raise of the generation is followed by one new material at most. Which one it followed the
    /// record says, ahead of the import: another raise may come in between.</summary>
    private void Imports(int material)
    {
        if (begunBy.ContainsKey(material))
        {
            return;
        }

        var generation = GenerationOf(material) ?? Home.Generation;
        if (generation > Home.Generation || (begunBy.Count > 0 && begunBy.Values.Max() >= generation))
        {
            broken ??= new LawBrokenException("4",
                $"material {material} was imported, and the generation was not raised since the last new one");
        }

        begunBy[material] = generation;
    }

    /// <summary>Null where no record says it.</summary>
    private int? GenerationOf(int material) => (int?)OnRecord?
        .FirstOrDefault(one => Handed.OfFingerprint((string?)one!["fingerprint"]) == material)?["generation"];
}
