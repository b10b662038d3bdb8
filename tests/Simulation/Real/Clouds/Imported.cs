using Cloud.Keys;

namespace Simulation.Real.Clouds;

/// <summary>What only a key of the platform's own has, whose material a tenant hands over.</summary>
/// <param name="owner">Whose it was made to be.</param>
/// <param name="number">Counts the keys; from 1 on.</param>
/// <param name="listedAt">Lists show it from then on, lookups by id at once.</param>
internal sealed class Imported(ImportedKeyOwner owner, int number, DateTimeOffset listedAt)
{
    public ImportedKeyOwner Owner => owner;

    public int Number => number;

    public DateTimeOffset ListedAt => listedAt;

    /// <summary>The first one that it ever held: the cloud takes no other. Zero: none yet.</summary>
    public int BoundTo { get; set; }

    public MaterialExpiry? Expiry { get; set; }

    /// <summary>Its deletion is scheduled.</summary>
    public bool IsGoing { get; set; }

    /// <summary>By the operator, who wants it gone, whoever else scheduled it before.</summary>
    public bool IsDestroyed { get; set; }

    /// <summary>Another key's ciphertexts are nothing to it, whatever it holds: so it counts as other material.</summary>
    public int Material => (Number * 10) + BoundTo;
}
