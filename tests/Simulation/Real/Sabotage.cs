using System.Text.Json.Nodes;
using Kube.Core;
using Kube.Core.Kinds;
using Simulation.Real.Clouds;

namespace Simulation.Real;

/// <summary>What others do to what the operator wrote: to its records, its marks, its tags and its policies;
/// and how people mend it.</summary>
internal sealed class Sabotage(World world, Rng rng)
{
    private static readonly string[] marks = ["pin.json", "receipt.json", "served.json", "retired.json"];

    private readonly Dictionary<string, JsonObject> backups = [];
    private readonly List<(Home Home, Entry Good, Entry Bad)> spoilt = [];

    /// <summary>In a line; null where there was nothing to do it to.</summary>
    public string? Happens(Home home) => rng.Next(10) switch
    {
        < 3 => HurtRecord(home),
        3 => SpoilMark(home),
        4 => OnBucket(home, "the bucket's tag is lost", bucket => bucket.Owner = null),
        5 => OnBucket(home, "the bucket's tag names somebody else", bucket => bucket.Owner = "somebody"),
        6 => OnBucket(home, "the operator may not look at the bucket", bucket => bucket.IsForbidden = true),
        7 =>
            OnBucket(home, "a statement in the bucket's policy is not taken any more",
                bucket => AddForeign(home, bucket)),
        8 => OnBucket(home, "the cloud refuses every form of the denial", bucket => bucket.RefusesDenial = true),
        _ => Poison(),
    };

    public void Fix(Home home)
    {
        if (home is { HoldsData: true, Target: { } target })
        {
            (target.Owner, target.IsForbidden, target.RefusesDenial) = (target.RightOwner, false, false);
        }

        foreach (var record in world.People.Records(home).Where(world.People.IsHurt).ToList())
        {
            world.People.Delete<ConfigMap>(AddressOf(record));
            world.People.Restore(backups[AddressOf(record).Name]);
        }

        foreach (var (_, good, bad) in spoilt.Where(one => one.Home == home))
        {
            home.Target?.Replace(bad, good);
        }

        spoilt.RemoveAll(one => one.Home == home);
    }

    private string? HurtRecord(Home home)
    {
        var records = world.People.Records(home).Where(record => !world.People.IsHurt(record)).ToList();
        if (records.Count == 0)
        {
            return null;
        }

        home.Foreigners.Clear(); // what is only on record may be lost with it
        var record = records[rng.Next(records.Count)];
        var (address, data) = (AddressOf(record), record["data"]!.AsObject());
        backups[address.Name] = record.DeepClone().AsObject();
        var (how, text, mac) = rng.Next(4) switch
        {
            0 => ("nonsense", "{\"keyId\":\"x\"}", (string?)data["mac"]),
            1 =>
                ("forged", ((string?)data["record"])?.Replace("arn:", "urn:", StringComparison.Ordinal),
                    (string?)data["mac"]),
            2 => ("without its MAC", (string?)data["record"], null),
            _ => Swapped(home, record),
        };
        world.People.Hurt(home, address, text, mac);
        return $"the record {address.Name} is {how}";
    }

    /// <summary>With the text and the MAC of another one.</summary>
    private (string How, string? Text, string? Mac) Swapped(Home home, JsonObject record)
    {
        var others = world.Homes.SelectMany(world.People.Records).Where(other => AddressOf(other) != AddressOf(record))
            .ToList();
        var data = others.Count == 0 ? null : others[rng.Next(others.Count)]["data"];
        return ("another's", (string?)data?["record"] ?? home.Namespace, (string?)data?["mac"]);
    }

    private string? SpoilMark(Home home)
    {
        if (home is not { HoldsData: true, Target: { } target }
            || target.Of(".byok/" + marks[rng.Next(marks.Length)]) is not [.., { IsMarker: false } good]
            || spoilt.Exists(one => one.Bad == good))
        {
            return null;
        }

        var bad = good with { Id = ++world.Account.Made, Content = "{\"nonsense\":"u8.ToArray() };
        target.Replace(good, bad);
        spoilt.Add((home, good, bad));
        return $"the mark {good.Key} is nonsense";
    }

    private static void AddForeign(Home home, Bucket bucket)
    {
        if (bucket is { IsDenied: false, Foreign: null })
        {
            bucket.Foreign = "theirs";
            home.Foreigners.Add(bucket.Foreign);
        }
    }

    private static string? OnBucket(Home home, string what, Action<Bucket> change)
    {
        if (home is not { HoldsData: true, Target: { } target })
        {
            return null;
        }

        change(target);
        return what;
    }

    private string? Poison()
    {
        if (world.IsPoisoned)
        {
            return null;
        }

        world.People.Poison();
        return "somebody applies objects that nobody can read";
    }

    private static ObjectKey AddressOf(JsonObject record) =>
        new(World.OperatorNamespace, (string)record["metadata"]!["name"]!);
}
