using System.Globalization;
using ByokOperator.Api;
using Simulation.Real.Clouds;

namespace Simulation.Real.Materials;

/// <summary>What a tenant and others do with a key that is given new material; and, in the end,
/// what only people can mend.</summary>
internal sealed class MaterialMischief(MaterialStage stage, Rng rng)
{
    private static readonly string[] regions = [World.Region, World.OtherRegion];

    /// <summary>That a process ends before or after.</summary>
    private static readonly string[] calls =
        ["ImportNewAsync", "ImportNewAsync", "RotateAsync", "RotateAsync", "ImportAsync", "DeleteMaterialAsync"];

    public Action<string>? Tell { get; init; }

    private World World => stage.World;

    private Home Home => stage.Home;

    private PlatformKeys Imports => World.Account.Imports;

    public void Happens()
    {
        switch (rng.Next(20))
        {
            case < 4: stage.Raise(rng.Once(5) ? 2 : 1); break;
            case < 8: stage.HandOver(Next()); break;
            case 8: stage.HandOver(0); break;
            case 9 or 10: stage.HandOver(1 + rng.Next(stage.Last)); break; // an earlier one: asked for, or by mistake
            case 11: stage.SetState(KeyStates.Revoked); break;
            case 12 or 13: stage.SetState(KeyStates.Active); break;
            case 14: OnKey("material is lost", key => key.Import!.Lose()); break;
            case 15: OnKey("it is disabled or enabled", key => key.IsDisabled = !key.IsDisabled); break;
            case 16: Silence(); break;
            case 17: Expire(); break;
            default: End(); break;
        }
    }

    /// <summary>Faults stop: people take back what they did.</summary>
    public void Fix()
    {
        Told("faults stop");
        (Imports.EndsAfter, Imports.EndsBefore) = (null, null);
        World.Account.Silent.Clear();
        foreach (var key in Imports.All)
        {
            (key.Silence, key.IsDisabled) = (null, false);
        }

        Home.ValidTo = null;
        World.People.ApplyKey(Home);
    }

    /// <summary>What the key's status asks for: each of its materials by its fingerprint, in whatever order;
    /// what was begun too.</summary>
    public void BringBack()
    {
        if (stage.Laws.Missing is [_, ..] missing)
        {
            stage.HandOver(missing[rng.Next(missing.Count)]);
        }
    }

    /// <summary>The next that it never had; now and then one beyond, so that one is never handed over again.</summary>
    private int Next() => Math.Min(Handed.All, stage.Last + (stage.Laws.Newest < stage.Last && !rng.Once(6) ? 0 : 1));

    private void OnKey(string what, Action<CloudKey> change)
    {
        var keys = Imports.All.ToList();
        if (keys.Count > 0)
        {
            var key = keys[rng.Next(keys.Count)];
            change(key);
            Told($"{key.Arn}: {what}");
        }
    }

    private void Silence()
    {
        var region = regions[rng.Next(regions.Length)];
        var isSilent = World.Account.Silent.Add(region) || !World.Account.Silent.Remove(region);
        foreach (var key in Imports.All.Where(key => key.Region == region))
        {
            key.Silence = isSilent ? "Unreachable" : null;
        }

        Told($"the KMS of {region} {(isSilent ? "says nothing" : "answers")}");
    }

    private void Expire()
    {
        var end = World.Now + TimeSpan.FromSeconds(rng.Next(180) - 15);
        Home.ValidTo = rng.Once(3) ? null
            : end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        World.People.ApplyKey(Home);
        Told($"the tenant wants an end at {Home.ValidTo ?? "no time"}");
    }

    private void End()
    {
        var call = calls[rng.Next(calls.Length)];
        var isAfter = rng.Once(2);
        (Imports.EndsAfter, Imports.EndsBefore) = isAfter ? (call, Imports.EndsBefore) : (Imports.EndsAfter, call);
        Told($"the process ends {(isAfter ? "after" : "before")} the next {call}");
    }

    private void Told(string what) => Tell?.Invoke($"-- {what}");
}
