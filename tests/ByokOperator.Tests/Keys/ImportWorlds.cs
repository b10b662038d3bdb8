using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;
using Shouldly;

namespace ByokOperator.Tests.Keys;

/// <summary>An imported key as a look finds it: everything below the import holds,
/// so that the first thing to do is the import's.</summary>
internal static class ImportWorlds
{
    public const string Region = "eu-west-1";
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    public static readonly KeyRef Reference = new(Region, $"arn:aws:kms:{Region}:111122223333:key/1");
    public static readonly ImportedKey Empty = new(Reference, ImportedKeyState.PendingImport, null, null, Now);
    public static readonly ImportedKey Full =
        new(Reference, ImportedKeyState.Enabled, "m1", new MaterialExpiry.Never(), Now);

    public static Step StepOf(KeyWorld world) => KeyLadder.Choose(world).Steps.ShouldHaveSingleItem();

    public static Act ActOf(KeyWorld world) => StepOf(world).ShouldBeOfType<Step.Take>().Act;

    /// <summary>Generations from 1 on, none of whose ids is written down; none where there is no fingerprint.</summary>
    public static IReadOnlyList<KeyRecordMaterial> Bound(params string?[] fingerprints) =>
        [.. fingerprints.OfType<string>().Select((fingerprint, at) => new KeyRecordMaterial(at + 1, fingerprint, Now))];

    public static KeyWorld World(
        ImportedKey? key, Upload? upload = null, DateTimeOffset? note = null, bool used = false,
        string? fingerprint = null) =>
        World(Fact.Seen(key), upload, note, used, fingerprint);

    public static KeyWorld World(
        Fact<ImportedKey?> key, Upload? upload = null, DateTimeOffset? note = null, bool used = false,
        string? fingerprint = null) => KeyWorlds.Good with
    {
        Now = Now,
        Regions =
        [
            new KeyRegion
            {
                Region = Region,
                KeyId = Fact.Seen<string?>(null),
                Answer = Fact.Blind<KeyAnswer>("NotImported"),
                Canary = Fact.Seen<StoredCanary?>(null),
                UnknownSince = Fact.Seen<DateTimeOffset?>(null),
                RevokedSince = Fact.Seen<DateTimeOffset?>(Now),
            },
        ],
        Import = new ImportWorld
        {
            Regions = [new ImportRegion(Region, Fact.Seen(note), key, Fact.Seen(used))],
            Upload = Fact.Seen(upload ?? new Upload.Ready("f1")),
            Bound = Fact.Seen(Bound(fingerprint)),
            Expiry = new MaterialExpiry.Never(),
            Settling = TimeSpan.FromMinutes(5),
        },
    };
}
