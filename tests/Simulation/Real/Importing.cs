using System.Globalization;
using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using Simulation.Real.Clouds;
using Simulation.Real.Operators;

namespace Simulation.Real;

/// <summary>
/// Tenants that hand a secret over instead of keeping a key, in some seeds; and what becomes of their uploads, of the
/// platform's keys, and of what the operator was just doing with them. Draws by itself,
/// so that the other seeds tell what they told without it.
/// </summary>
internal sealed class Importing
{
    /// <summary>The lists of the cloud lag behind for a good part of this;
    /// the world has not the time for the real one.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(40);

    private const int HappensOneIn = 4;
    private const int LaggingPerCent = 75;
    private const int TicksToOpen = 24;

    private static readonly string[] regions = [World.Region, World.OtherRegion];
    private static readonly string[] calls =
        ["CreateAsync", "NameAsync", "ImportAsync", "DeleteMaterialAsync", "ScheduleDeletionAsync"];
    private static readonly TimeSpan longRequest = TimeSpan.FromHours(1);

    private readonly World world;
    private readonly Rng rng;
    private readonly ImportLaws laws;

    public Importing(World world, int seed)
    {
        this.world = world;
        rng = new Rng(seed ^ 0x696D70);
        laws = new ImportLaws(world);
        world.Homes[0].IsImported = true;
        world.Homes[1].IsImported = rng.Once(3);
        OpensFirst = rng.Once(2) ? TicksToOpen : 0;
    }

    public Action<string>? Tell { get; init; }

    /// <summary>So many ticks of calm come before everything goes wrong.</summary>
    public int OpensFirst { get; }

    /// <summary>Not drawn: seeds that were told before there were any tell the same still.</summary>
    public static bool IsIn(int seed) => seed % 10 is 2 or 3 or 9;

    /// <summary>Before anything of it is applied.</summary>
    public void Begin(Home home)
    {
        if (home.IsImported)
        {
            home.AsksForRequests = rng.Once(3);
        }
    }

    /// <summary>Its objects are applied.</summary>
    public void Began(Home home)
    {
        if (home.IsImported)
        {
            if (world.People.Key(home) is not null && OpensFirst == 0 && rng.Once(3))
            {
                world.People.SetState(home, KeyStates.Standby);
            }

            if (OpensFirst > 0 || rng.Once(2))
            {
                world.People.HandOver(home, 1 + rng.Next(Handed.Most));
            }
        }
    }

    /// <summary>One that its tenant handed over, whose key may be looked at once more in a rough tick: it takes many
    /// turns until it can be used.</summary>
    public Home? Rough()
    {
        world.Account.Imports.Pass(world.Now);
        foreach (var home in world.Homes)
        {
            if (home.IsImported && rng.Once(HappensOneIn))
            {
                Told(home, Happens(home));
            }
        }

        laws.Check();
        return world.Homes[rng.Next(world.Homes.Count)] is { IsImported: true } one && rng.Once(2) ? one : null;
    }

    public void Calm()
    {
        world.Account.Imports.Pass(world.Now);
        laws.Check();
    }

    /// <summary>Faults have stopped: people take back what they did to the platform's keys, and hand over what was
    /// handed over first; or they revoke.</summary>
    public void Fix(Home home, bool endsRevoked)
    {
        var imports = world.Account.Imports;
        (imports.EndsAfter, imports.EndsBefore, imports.Lag) = (null, null, TimeSpan.Zero);
        world.Account.Silent.Clear();
        if (!home.IsImported)
        {
            return;
        }

        foreach (var key in Keys(home))
        {
            (key.Silence, key.IsDisabled) = (null, false);
            key.Import!.IsGoing = key.Import.IsDestroyed;
        }

        home.ValidTo = null;
        Consent(home);
        if (world.People.Key(home) is null)
        {
            return;
        }

        world.People.ApplyKey(home);
        if (endsRevoked)
        {
            world.People.SetState(home, KeyStates.Revoked);
        }
        else
        {
            world.People.Uploads.End(home); // it may be used up
            world.People.HandOver(home, Wanted(home));
        }

        Told(home, endsRevoked ? "the tenant revokes" : "the tenant hands over what it handed over first");
    }

    /// <summary>Nothing about keys of the platform's own is still to be done,
    /// as far as time alone will do it.</summary>
    public bool HasArrived(Home home, bool endsRevoked, Plan<KeyWorld>? plan)
    {
        if (!home.IsImported)
        {
            return true;
        }

        if (world.People.Key(home) is not null && plan?.Steps.Any(step => step is Step.Take) == true)
        {
            return false;
        }

        if (world.People.Key(home)?["metadata"]!["deletionTimestamp"] is not null)
        {
            return true;
        }

        if (endsRevoked)
        {
            return laws.HasSettled(home)
                && (!home.IsRevoked || Keys(home).All(key => !key.Import!.IsAnyHeld || !IsWanted(home, key)));
        }

        return laws.HasSettled(home) && (world.People.Key(home) is null || laws.IsMissing(home) is null);
    }

    /// <summary>What the world at rest must not lack.</summary>
    public void CheckArrival() => laws.CheckWithdrawn();

    /// <summary>Why it did not arrive.</summary>
    public string Describe(Home home) => home.IsImported
        ? $"; {laws.IsMissing(home) ?? "its keys are whole"}, settled: {laws.HasSettled(home)}, granted: "
            + $"{home.IsGranted}, {world.People.KeyConditions(home)}"
        : "";

    private string? Happens(Home home) => rng.Next(20) switch
    {
        < 4 => HandOver(home, rng.Once(3) ? 1 + rng.Next(Handed.Most) : Wanted(home)),
        4 => HandOver(home, 0),
        5 or 6 => Spoil(home),
        7 => Lose(home),
        8 => Schedule(home),
        9 => Disable(home),
        10 => Expire(home),
        11 or 12 => Silence(),
        13 => Lag(),
        14 or 15 => End(),
        16 => Request(home),
        17 => Rotate(),
        18 => Wrap(home),
        _ => Consent(home),
    };

    private string HandOver(Home home, int material)
    {
        world.People.HandOver(home, material);
        return material == 0 ? "the tenant takes away what it handed over"
            : $"the tenant hands over its secret {material}";
    }

    /// <summary>What opens to nothing, or to another's.</summary>
    private string Spoil(Home home)
    {
        var (uploads, generation) = (world.People.Uploads, world.People.Uploads.Generation);
        var other = world.Homes.First(one => one != home);
        home.HandedOver = 0;
        switch (rng.Next(6))
        {
            case 0: uploads.Put(home, new byte[256], Handed.HashOf(1)); return "what the tenant hands over is nonsense";
            case 1: uploads.Put(home, Handed.Wrapped(1, generation),
                null); return "what the tenant hands over has no hash";
            case 2: uploads.Put(home, Handed.Wrapped(1, generation),
                Handed.HashOf(2)); return "what the tenant hands over is one secret with the hash of another";
            case 3: uploads.Put(home, null, Handed.HashOf(1)); return "what the tenant hands over is a hash alone";
            case 4: uploads.Put(home, "{\"wrapped\":"u8.ToArray(),
                [0xff, 0]); return "what the tenant hands over is a text";
            default:
                uploads.Put(home, Handed.WrappedForRequest(1, other.Namespace), Handed.HashOf(1),
                    uploads.RequestOf(other) ?? uploads.Ask(other, longRequest));
                return "what the tenant hands over was wrapped for another tenant's request";
        }
    }

    /// <summary>The cloud, or somebody with rights in it, takes the material away.</summary>
    private string? Lose(Home home) => OnKey(home, "material is lost", key => key.Import!.Lose());

    private string? Schedule(Home home) => OnKey(home, "somebody schedules a key's deletion, or cancels it", key =>
    {
        if (!key.Import!.IsDestroyed)
        {
            // a key whose deletion was cancelled is disabled
            (key.Import.IsGoing, key.IsDisabled) = (!key.Import.IsGoing, true);
        }
    });

    private string? Disable(Home home) =>
        OnKey(home, "somebody disables or enables a key", key => key.IsDisabled = !key.IsDisabled);

    private string? OnKey(Home home, string what, Action<CloudKey> change)
    {
        var named = Keys(home).Where(world.Account.Imports.IsNamed).ToList();
        if (named.Count == 0)
        {
            return null;
        }

        var key = named[rng.Next(named.Count)];
        change(key);
        return $"{key.Arn[(key.Arn.LastIndexOf('/') + 1)..]}: {what}";
    }

    private string? Expire(Home home)
    {
        if (world.People.Key(home) is null)
        {
            return null;
        }

        var end = world.Now + TimeSpan.FromSeconds(rng.Next(90) - 15);
        home.ValidTo = rng.Once(3) ? null
            : end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        world.People.ApplyKey(home);
        return $"the tenant wants an end at {home.ValidTo ?? "no time"}";
    }

    private string Silence()
    {
        var region = regions[rng.Next(regions.Length)];
        var isSilent = world.Account.Silent.Add(region) || !world.Account.Silent.Remove(region);
        foreach (var key in world.Account.Imports.All.Where(key => key.Region == region))
        {
            key.Silence = isSilent ? "Unreachable" : null;
        }

        return $"the KMS of {region} {(isSilent ? "says nothing" : "answers")}";
    }

    private string Lag()
    {
        world.Account.Imports.Lag = Settling * rng.Next(LaggingPerCent) / 100;
        return $"the cloud's lists lag {world.Account.Imports.Lag.TotalSeconds:F0} s behind";
    }

    private string End()
    {
        var call = calls[rng.Next(calls.Length)];
        if (rng.Once(2))
        {
            world.Account.Imports.EndsAfter = call;
            return $"the process ends after the next {call}";
        }

        world.Account.Imports.EndsBefore = call;
        return $"the process ends before the next {call}";
    }

    private string Request(Home home)
    {
        if (rng.Once(3))
        {
            world.People.Uploads.End(home);
            return "an import request ends";
        }

        world.People.Uploads.Ask(home, rng.Once(2) ? longRequest : TimeSpan.FromSeconds(20));
        return "the tenant asks for another key pair to wrap with";
    }

    private string Rotate()
    {
        world.People.Uploads.Rotate();
        if (rng.Once(2))
        {
            world.People.Uploads.EndGeneration(1);
        }

        return "the platform's wrapping key is followed by another";
    }

    private string? Wrap(Home home)
    {
        if (world.People.Key(home) is null)
        {
            return null;
        }

        home.AsksForRequests = !home.AsksForRequests;
        world.People.ApplyKey(home);
        return "the tenant wraps in another way";
    }

    /// <summary>To take back what the key of an earlier object of its name left in the cloud.</summary>
    private string? Consent(Home home)
    {
        var identity = world.People.Identity(home);
        if (identity is null
            || Keys(home)
                .FirstOrDefault(key => !key.Import!.IsGoing && key.Import.Owner.Uid != identity) is not { } earlier
                    || home.ConsentedKey == earlier.Import!.Owner.Uid)
        {
            return null;
        }

        home.ConsentedKey = earlier.Import.Owner.Uid;
        if (home.IsGiven)
        {
            world.People.Give(home);
        }

        return $"the platform consents to take back the key that {home.ConsentedKey} left";
    }

    /// <summary>Which secret its key takes: what it holds, or held, else what was written down.</summary>
    private int Wanted(Home home)
    {
        var recorded = world.People.KeyRecords(home)
            .Select(record =>
                Handed.OfFingerprint((string?)record["materials"]?.AsArray().FirstOrDefault()?["fingerprint"]))
                    .FirstOrDefault(material => material != 0);
        var bound = Keys(home).Where(key => IsWanted(home, key)).Select(key => key.Import!.BoundTo)
            .FirstOrDefault(material => material != 0);
        return recorded != 0 ? recorded : bound != 0 ? bound : 1;
    }

    /// <summary>The object that stands has it, or data stands under it.</summary>
    private bool IsWanted(Home home, CloudKey key) =>
        key == home.PinnedKey || world.People.Identity(home) == key.Import!.Owner.Uid;

    private IEnumerable<CloudKey> Keys(Home home) =>
        world.Account.Imports.All.Where(key => key.Import!.Owner.Namespace == home.Namespace);

    private void Told(Home home, string? what)
    {
        if (what is not null)
        {
            Tell?.Invoke($"-- {home.Namespace}: {what}");
        }
    }
}
