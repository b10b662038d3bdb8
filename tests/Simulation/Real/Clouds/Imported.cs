using Cloud.Keys;

namespace Simulation.Real.Clouds;

/// <summary>What only a key of the platform's own has, whose material a tenant hands over.</summary>
/// <param name="owner">Whose it was made to be.</param>
/// <param name="number">Counts the keys; from 1 on.</param>
/// <param name="listedAt">Lists show it from then on, lookups by id at once.</param>
internal sealed class Imported(ImportedKeyOwner owner, int number, DateTimeOffset listedAt)
{
    public ImportedKeyOwner Owner => owner;

    public int Order => number;

    public DateTimeOffset ListedAt => listedAt;

    /// <summary>Every one that it was ever given, oldest first: it works with all of them, the pending one excepted,
    /// and takes none of them back for another.</summary>
    public List<Given> Given { get; } = [];

    /// <summary>The first one; zero: none yet.</summary>
    public int BoundTo => Given is [var first, ..] ? first.Secret : 0;

    /// <summary>Its deletion is scheduled.</summary>
    public bool IsGoing { get; set; }

    /// <summary>By the operator, who wants it gone, whoever else scheduled it before.</summary>
    public bool IsDestroyed { get; set; }

    /// <summary>What it encrypts with; zero where it lacks any of its materials.</summary>
    public int Material =>
        Current is { } current && Given.TrueForAll(one => one.IsHeld || one.Use == MaterialUse.PendingRotation)
            ? Number(current) : 0;

    /// <summary>Something of it is there.</summary>
    public bool IsAnyHeld => Given.Exists(one => one.IsHeld);

    public Given? Current => Given.Find(one => one.Use == MaterialUse.Current);

    public Given? Pending => Given.Find(one => one.Use == MaterialUse.PendingRotation);

    /// <summary>What was encrypted with it is opened.</summary>
    public bool Opens(int material) =>
        Material != 0 && Given.Exists(one => one.Use != MaterialUse.PendingRotation && Number(one) == material);

    /// <summary>Another key's ciphertexts are nothing to it, whatever it holds:
    /// so the same secret counts as other material there.</summary>
    public int Number(Given given) => (number * 10) + given.Secret;

    /// <summary>All of them are gone.</summary>
    public void Lose() => Lose(_ => true);

    /// <summary>Those whose time has come go by themselves.</summary>
    public void Pass(DateTimeOffset now) => Lose(one => one.Expiry is MaterialExpiry.At end && end.ValidTo <= now);

    /// <summary>One that is pending leaves nothing behind: it never was the key's for good.</summary>
    private void Lose(Predicate<Given> which)
    {
        Given.RemoveAll(one => one.Use == MaterialUse.PendingRotation && which(one));
        Given.FindAll(which).ForEach(one => one.Lose());
    }

    /// <summary>The one that is pending is current from now on.</summary>
    public void Rotate(DateTimeOffset now)
    {
        Current!.Use = MaterialUse.Earlier;
        (Pending!.RotatedAt, Pending.Use) = (now, MaterialUse.Current);
    }
}

/// <summary>One secret that a key was given.</summary>
internal sealed class Given(int secret, MaterialUse use)
{
    public int Secret => secret;

    public MaterialUse Use { get; set; } = use;

    /// <summary>When that is to end; null while it is not there.</summary>
    public MaterialExpiry? Expiry { get; set; }

    public DateTimeOffset? RotatedAt { get; set; }

    public bool IsHeld => Expiry is not null;

    public void Lose() => Expiry = null;
}
