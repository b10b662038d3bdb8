using System.Globalization;
using ByokOperator.Api;

namespace Simulation.Imports;

/// <summary>How things really are with one imported key, in two regions and in the cluster.</summary>
internal sealed class ImportTruth
{
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(40);
    public static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan MaxStaleness = TimeSpan.FromSeconds(60);
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; set; } = Start;

    public IReadOnlyList<CloudRegion> Regions { get; } = [new("r1"), new("r2")];

    public bool KeyExists { get; set; } = true;

    public bool IsClaimed { get; set; }

    public bool IsDeleting { get; set; }

    public string State { get; set; } = KeyStates.Active;

    /// <summary>A store uses the key.</summary>
    public bool HasUser { get; set; } = true;

    /// <summary>What was handed over; 0: nothing.</summary>
    public int Upload { get; set; }

    /// <summary>Stands beside the canary.</summary>
    public string? Fingerprint { get; set; }

    /// <summary>The material that was imported first; 0: none was.</summary>
    public int First { get; private set; }

    public CloudRegion this[string name] => Regions.First(region => region.Name == name);

    public static string FingerprintOf(int material) => $"f{material.ToString(CultureInfo.InvariantCulture)}";

    public void Imported(int material)
    {
        First = First == 0 ? material : First;
        if (material != First)
        {
            throw new LawBrokenException("4", "another material was imported than the first");
        }

        if (State == KeyStates.Revoked)
        {
            throw new LawBrokenException("1", "material was imported although the tenant has revoked the key");
        }
    }

    /// <summary>Whatever lives is known by its name or announced by a note; nothing lives after its object.</summary>
    public void CheckLaws()
    {
        foreach (var region in Regions)
        {
            if (region.Keys.Exists(key => key.IsAlive && key != region.Named) && region.CreatingSince is null)
            {
                throw new LawBrokenException("5", $"a key stands in {region.Name} that nobody knows of");
            }

            if (!KeyExists && region.Keys.Exists(key => key.IsAlive))
            {
                throw new LawBrokenException("5", $"the object is gone and its key in {region.Name} is not");
            }

            if (!IsDeleting && region.Named is { IsAlive: false })
            {
                throw new LawBrokenException("7", $"the key in {region.Name} that data stands under was scheduled for deletion");
            }
        }
    }
}
