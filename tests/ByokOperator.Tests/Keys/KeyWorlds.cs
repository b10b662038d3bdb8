using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using Cloud.Keys;

namespace ByokOperator.Tests.Keys;

/// <summary>A tenant's key that is active and well, to be spoiled one fact at a time.</summary>
internal static class KeyWorlds
{
    public const string Region = "eu-west-1";

    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly KeyAnswer Usable = new(KeyVerdict.Usable, "Proved", "", null, [], Noon) { Version = "m1" };

    public static KeyWorld Good { get; } = new()
    {
        Uid = "uid",
        Now = Noon,
        IsDeleting = false,
        IsPaused = false,
        IsClaimed = true,
        Violations = [],
        State = KeyStates.Active,
        IsRevocationConfirmed = false,
        ProbeInterval = TimeSpan.FromSeconds(30),
        MaxStaleness = TimeSpan.FromMinutes(15),
        RequiredPolicy = null,
        PublishedPolicy = Fact.Seen<string?>(null),
        Regions =
        [
            new KeyRegion
            {
                Region = Region, KeyId = Fact.Seen<string?>("k"), Answer = Fact.Seen(Usable),
                Canary = Fact.Seen<StoredCanary?>(new StoredCanary("k", "m1", "d")),
                UnknownSince = Fact.Seen<DateTimeOffset?>(null), RevokedSince = Fact.Seen<DateTimeOffset?>(null),
            },
        ],
        Users = Fact.Seen<IReadOnlyList<string>>([]),
        Retained = Fact.Seen<IReadOnlyList<string>>([]),
    };

    public static KeyWorld Of(Func<KeyRegion, KeyRegion> edit) => Good with { Regions = [edit(Good.Regions[0])] };

    public static KeyWorld Answering(KeyAnswer answer) => Of(region => region with { Answer = Fact.Seen(answer) });
}
