using System.Globalization;
using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using Cloud.Keys;

namespace Simulation.Imports;

/// <summary>One look at the truth, through reads that fail. The ladder gets nothing else.</summary>
internal sealed class ImportObserving(ImportTruth truth, Rng rng, ImportBug bug)
{
    private const int FailedReadOneIn = 12;
    private static readonly string[] storeNames = ["acme"];

    private bool faulty;

    public KeyWorld Look(bool faults)
    {
        faulty = faults;
        var import = Import();
        return new KeyWorld
        {
            Uid = "key-uid",
            Now = truth.Now,
            IsDeleting = truth.IsDeleting,
            IsPaused = false,
            IsClaimed = truth.IsClaimed,
            Violations = [],
            State = truth.State,
            IsRevocationConfirmed = true,
            ProbeInterval = ImportTruth.ProbeInterval,
            MaxStaleness = ImportTruth.MaxStaleness,
            RequiredPolicy = null,
            PublishedPolicy = Fact.Seen<string?>(null),
            Regions = [.. truth.Regions.Select((region, index) => Region(region, import.Regions.Count > index ? import.Regions[index].Key : default))],
            Import = import,
            Users = Maybe<IReadOnlyList<string>>(truth.HasUser && bug is not ImportBug.DestroysAKeyInUse ? storeNames : [], absent: []),
            Retained = Fact.Seen<IReadOnlyList<string>>([]),
        };
    }

    private ImportWorld Import()
    {
        var regions = truth.Regions.Take(bug is ImportBug.WithdrawsFromOneRegionOnly && truth.State == KeyStates.Revoked ? 1 : truth.Regions.Count);
        var world = new ImportWorld
        {
            Regions = [.. regions.Select(region => new ImportRegion(region.Name, Maybe(region.CreatingSince), Found(region), Maybe(region.Canary is not null)))],
            Upload = Fact.Blind<Upload>("NotNeeded"),
            Fingerprint = Maybe(truth.Fingerprint),
            Expiry = new MaterialExpiry.Never(),
            Settling = ImportTruth.Settling,
        };
        return !truth.IsDeleting && truth.State != KeyStates.Revoked && (world.NeedsMaterial || world.IsUntouched)
            ? world with { Upload = Maybe<Upload>(truth.Upload == 0 ? new Upload.Absent("") : new Upload.Ready(ImportTruth.FingerprintOf(truth.Upload)), absent: new Upload.Absent("")) }
            : world;
    }

    private Fact<ImportedKey?> Found(CloudRegion region) => region.IsUnreachable
        ? (bug is ImportBug.BlindMeansAbsent ? Fact.Seen<ImportedKey?>(null) : Fact.Blind<ImportedKey?>("Unreachable"))
        : Maybe(region.Named is { } named && region.NameSeenAt <= truth.Now ? Described(region, named) : null);

    private static ImportedKey Described(CloudRegion region, CloudKey key) => new(
        new KeyRef(region.Name, key.Id),
        !key.IsAlive ? ImportedKeyState.PendingDeletion : key.Material == 0 ? ImportedKeyState.PendingImport : ImportedKeyState.Enabled,
        key.BoundTo == 0 ? null : key.BoundTo.ToString(CultureInfo.InvariantCulture),
        key.Material == 0 ? null : new MaterialExpiry.Never(),
        ImportTruth.Start);

    private KeyRegion Region(CloudRegion region, Fact<ImportedKey?> found)
    {
        var canary = Maybe(region.Canary);
        var id = found.ForDisplay() is { State: not ImportedKeyState.PendingImport } named ? named.Key.Id : region.Canary?.KeyId ?? "";
        return new KeyRegion
        {
            Region = region.Name,
            KeyId = Fact.Seen(id.Length == 0 ? null : id),
            Answer = canary.Blindness is { } why ? Fact.Blind<KeyAnswer>(why) : id.Length == 0 ? Fact.Blind<KeyAnswer>("NotImported") : Maybe<KeyAnswer>(Ask(region, id), Answer(Verdict.Unknown, "NotProbed")),
            Canary = canary,
            UnknownSince = Maybe(region.Clocks[Clock.Unknown]),
            RevokedSince = Maybe(region.Clocks[Clock.Revoked]),
        };
    }

    private KeyAnswer Ask(CloudRegion region, string id) => (region.IsUnreachable, region.Keys.Find(key => key.Id == id)) switch
    {
        (true, _) => Answer(Verdict.Unknown, "Unreachable"),
        (_, null or { IsAlive: false }) => Answer(Verdict.Revoked, "KeyPendingDeletion"),
        (_, { Material: 0 }) => Answer(Verdict.Revoked, "KeyPendingImport"),
        _ => Answer(Verdict.Usable, "Proved") with { OfferedCanary = region.Canary is null ? id : null },
    };

    private KeyAnswer Answer(Verdict verdict, string reason) => new(verdict, reason, "", null, [], truth.Now);

    private Fact<T> Maybe<T>(T value, T absent = default!) => !faulty || !rng.Once(FailedReadOneIn) ? Fact.Seen(value)
        : bug is ImportBug.BlindMeansAbsent ? Fact.Seen(absent)
        : Fact.Blind<T>("ReadFailed");
}
