using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using Cloud.Objects;
using Cloud.Stores;

namespace Simulation.Real.Bugs;

/// <summary>One bug in the operator's seams: in what it saw, in what it chose, in what it did,
/// or in what the clouds tell its acts.</summary>
internal sealed class Seeding(Bug bug, World world)
{
    private int storedPhase;

    public DateTimeOffset Now => world.Now;

    public Bug Bug => bug;

    /// <summary>The ports are asked by an act and not by a look.</summary>
    public bool IsActing { get; set; }

    /// <summary>It is a key's turn.</summary>
    public bool IsKeysTurn { get; set; }

    /// <summary>The key that proved itself in the last look.</summary>
    public KeyPin? Proved { get; private set; }

    /// <summary>Of the process that lives now.</summary>
    public OperatorContext? Around { get; set; }

    /// <summary>When what is performed was decided, where that counts for now.</summary>
    public DateTimeOffset? DecidedAt { get; private set; }

    public OperatorOptions Options { get; } = new()
    {
        Namespace = World.OperatorNamespace,
        CloudSettling = bug == Bug.EmptyListCountsAtOnce ? TimeSpan.FromSeconds(4) : world.Settling,
    };

    public TimeProvider Time => bug == Bug.OldDecisionMakesAKey ? new LyingTime(world.Time, this) : world.Time;

    /// <summary>What the API server is taken to have said, where an act asks;
    /// null where no bug of that kind is seeded.</summary>
    public Func<HttpRequestMessage, byte[], byte[]>? Hearing => bug switch
    {
        Bug.DestroysAKeyInUse =>
            (request, answer) => IsAsked(request, "/encryptedstores") || IsAsked(request, "/configmaps")
                ? "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}"u8.ToArray()
                : answer,
        Bug.OldKeysObjectIsLetGo =>
            (request, answer) => IsAsked(request, "/encryptedstores") || IsAsked(request, "/configmaps")
                ? "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}"u8.ToArray()
                : answer,
        Bug.NewMaterialWithoutARaise =>
            (request, answer) =>
                world.Homes[0].HandedOver > 1 && IsAsked(request, $"/tenantencryptionkeys/{world.Homes[0].Key.Name}")
                    ? Raised(answer) : answer,
        Bug.ReturnsWithoutConsent => (request, answer) =>
            IsAsked(request, $"/encryptedstores/{world.Homes[0].Store.Name}") ? Returned.Consented(answer) : answer,
        Bug.ReturnsThoughRetainIsSaid or Bug.DeletionReturnsWithoutConsent => (request, answer) =>
            IsAsked(request, $"/encryptedstores/{world.Homes[0].Store.Name}")
                ? Deleted.Heard(bug, answer) ?? answer : answer,
        Bug.OverlapIsCutShort =>
            (request, answer) =>
                IsAsked(request, $"/encryptedstores/{world.Homes[0].Store.Name}") ? WithoutOverlap(answer) : answer,
        Bug.ActsWithoutPrecondition =>
            (request, answer) =>
                world.Homes.Exists(home => IsAsked(request, $"/tenantencryptionkeys/{home.Key.Name}"))
                    ? Unrevoked(answer) : answer,
        _ => null,
    };

    public CloudPorts Handed(CloudPorts ports) => bug == Bug.None ? ports : ports with
    {
        Keys = new LyingKeys(ports.Keys, this),
        Imported = new LyingImports(ports.Imported, this, world),
        Stores = world.IsAzure ? new LyingAccounts(ports.Stores, bug, world)
            : new MovingStores(
                new ReturningStores(new LyingStores(ports.Stores, this, world.Account), bug), bug, world),
        Objects = Handed(ports.Objects),
        Encryption = new LyingEncryption(ports.Encryption, this),
    };

    /// <summary>To the operator, or to a worker.</summary>
    public IObjectData Handed(IObjectData data) =>
        new MovingData(new ReturningData(new LyingData(data, this, world), bug, world), bug, world);

    public StoreWorld Saw(StoreWorld seen)
    {
        Proved = StoreVerdict.RegionOf(seen)?.Pin;
        return bug switch
        {
            Bug.BlindMeansAbsent => Blindly.Absent(seen),
            Bug.EarlierIsForgotten => seen with { Adoption = null },
            Bug.ReopenOnAnotherKey when seen.Pin.ForDisplay() is not null
                && Proved is not null => seen with { Pin = Fact.Seen<KeyPin?>(Proved) },
            Bug.MissingKeyIsIgnored when seen.Key is { Blindness: null } key
                && key.ForDisplay() is null => seen with { Key = Fact.Blind<KeySnapshot?>("NotJudged") },
            Bug.DeniesWhoeverItIs when StoreVerdict.MustClose(seen) is not null
                && seen.Target.ForDisplay() is { Ownership: StoreOwnership.Stranger } target =>
                seen with { Target = Fact.Seen(target with { Ownership = StoreOwnership.Ours }) },
            Bug.DeletesWithoutConfirmation when seen.IsDeleting => seen with { IsDeletionConfirmed = true },
            Bug.StalenessIsNeverReached =>
                seen with
                {
                    Key = seen.Key.Select(key => key is null ? null : Blindly.Fresh(key, seen.Now)),
                    UnseenSince = null,
                },
            Bug.OverlapIsCutShort or Bug.UnusableCandidateCloses or Bug.OldKeyRevokedStaysOpen
                or Bug.ReopensOnOneOfTwoKeys or Bug.RedirectsOnAnOldProof => Changed.Saw(bug, seen),
            Bug.ReportsAtEachLook => seen with { ReportInterval = TimeSpan.Zero },
            Bug.NoServedMark when seen.Migration is { } migration
                && seen.Binding.ForDisplay() is null =>
                    seen with { Migration = migration with { Served = Fact.Seen<ServedMark?>(null) } },
            Bug.DeltaNotBoundToItsFence
                when seen.Migration is { } migration => seen with { Migration = Blindly.Unbound(migration) },
            Bug.OthersPlaceCountsAsDone
                when seen.Target.ForDisplay() is { Ownership: StoreOwnership.Stranger or StoreOwnership.Unmarked
                    or StoreOwnership.Forbidden } target =>
                seen with { Target = Fact.Seen(target with { Ownership = StoreOwnership.Ours, IsDenied = true }) },
            Bug.NoClockWithoutRecord when world.Homes.Exists(world.People.IsKeyRecordHurt) =>
                seen with
                {
                    Key = seen.Key.Select(key => key is null ? null : Blindly.Fresh(key, seen.Now)),
                    UnjudgedUntil = null,
                },
            Bug.FailedLookKillsTheReconcile
                when Blindly.Any(seen) => throw new InvalidOperationException("something could not be looked at"),
            _ => Moved.Saw(bug, world, Deleted.Saw(bug, Returned.Saw(bug, seen))),
        };
    }

    /// <summary>What people are told.</summary>
    public StoreWorld Shown(StoreWorld seen) =>
        bug == Bug.ClosedIsSaidUnread && StoreVerdict.MustClose(seen) is not null
            ? seen with
            {
                Target = Fact.Seen(new TargetFacts(StoreOwnership.Ours, [], IsDenied: true)),
                Binding = Fact.Seen<BindingFacts?>(null),
                CopyJobs = Fact.Seen(0),
            }
            : seen;

    public KeyWorld Saw(KeyWorld seen) => bug switch
    {
        Bug.NonsenseRecordKillsTheLook
            when seen.RecordFault is not null => throw new InvalidOperationException("a record is nonsense"),
        Bug.CanaryOverwritten => seen with { Regions = [.. seen.Regions.Select(Blindly.Forgotten)] },
        Bug.BlindMeansNoKey => Blindly.Absent(seen),
        Bug.MaterialForgottenAtUnrevoke or Bug.RotatedBeforeEveryRegionHasIt or Bug.NewMaterialWithoutARaise
            or Bug.OneRegionAloneIsBroughtBack or Bug.RotationsAreNotCounted
                when seen is { IsRevokedByTenant: var isRevoked, Import: { } import }
                    && !(isRevoked && bug == Bug.OneRegionAloneIsBroughtBack) =>
                    seen with { Import = Materially.Saw(bug, import, world.Homes[0].HandedOver) },
        Bug.WithdrawsFromOneRegionOnly
            when seen is { IsRevokedByTenant: true, Import: { } import } =>
                seen with { Import = import with { Regions = [import.Regions[0]] } },
        Bug.OldKeysObjectIsLetGo or Bug.DestroysAKeyInUse
            when seen.IsDeleting =>
                seen with
                {
                    Users = Fact.Seen<IReadOnlyList<string>>([]),
                    Retained = Fact.Seen<IReadOnlyList<string>>([]),
                },
        Bug.KeyReleasedThoughRetained => seen with { Retained = Fact.Seen<IReadOnlyList<string>>([]) },
        _ => seen,
    };

    public Plan<StoreWorld> Choose(StoreWorld seen) => Choosing.Of(bug, seen, StoredPhase);

    /// <summary>False where nothing is done and success is told.</summary>
    public bool Does(Act act) => bug switch
    {
        Bug.DenyIsForgotten => act is not StoreAct.DenyTarget,
        Bug.OtherBucketIsLeftOpen => act is not StoreAct.DenyOther,
        Bug.BindingIsForgotten => act is not StoreAct.RemoveBinding,
        Bug.CopiesAreForgotten => act is not StoreAct.StopCopies,
        Bug.WorkloadsAreForgotten => act is not StoreAct.SuspendWorkloads,
        Bug.FenceIsNeverLifted => act is not MigrationAct.LiftFence,
        Bug.ClaimIsSkipped => act is not (StoreAct.Claim or KeyAct.Claim),
        _ => true,
    };

    /// <summary>What a bug does besides, or instead.</summary>
    public void Did(Home home, Act act)
    {
        DecidedAt = null;
        Returned.Did(bug, world, home, act);
        Moved.Did(bug, home, act, edit => Edit(home, edit));
        Materially.ForgetPending(bug, Around, home, act);
        switch (bug, act)
        {
            case (Bug.RetiresBeforeServed, MigrationAct.WriteReceipt) when home.Shared.HasAnyUnder(home.Prefix)
                && home.Target?.Of(".byok/receipt.json") is [.., _]:
            case (Bug.DeletingRetiresTheSource, StoreAct.Release):
                home.Shared.Under(home.Prefix).ToList().ForEach(home.Shared.Remove);
                break;
            case (Bug.ImportsWhatStandsThere, KeyAct.ImportMaterial):
                world.People.HandOver(home, home.HandedOver);
                break;
            case (Bug.ImportsThoughRevoked, KeyAct.ImportMaterial) when home.IsRevoked:
                world.People.SetState(home, KeyStates.Revoked);
                break;
            case (Bug.KeptKeyIsLetGo, KeyChangeAct.Refuse refuse):
                Forget(home, refuse.Name);
                break;
            case (Bug.GrantsOnTenantsKeys, StoreAct.PinKey):
                home.CloudKey.Grants.Add($"byok-{home.Uid}");
                break;
            case (Bug.DeletesWithoutConfirmation, StoreAct.EmptyTarget):
                home.Target?.Clear();
                break;
            default:
                break;
        }
    }

    /// <summary>Right before the act.</summary>
    public void Does(Home home, Act act)
    {
        Returned.Does(bug, world, home, act);
        switch (bug, act)
        {
            case (Bug.CanaryOverwritten, KeyAct.SaveCanary):
                world.People.ForgetKeyRecord(home);
                break;
            case (Bug.OldDecisionMakesAKey, KeyAct.CreateKey create):
                DecidedAt = create.Since;
                break;
            case (Bug.ImportsWhatStandsThere, KeyAct.ImportMaterial import):
                var standing = home.HandedOver;
                world.People.HandOver(home, Clouds.Handed.OfFingerprint(import.Fingerprint));
                home.HandedOver = standing;
                break;
            case (Bug.ImportsThoughRevoked, KeyAct.ImportMaterial) when home.IsRevoked:
                world.People.SetState(home, KeyStates.Active);
                home.IsRevoked = true;
                break;
            default:
                break;
        }
    }

    /// <summary>What a listing shows.</summary>
    public bool Lists(string key, bool isLatest) => bug switch
    {
        Bug.EarlierVersionsAreForgotten => isLatest,
        Bug.MarksAreForgotten => !key.StartsWith(Cloud.Objects.Mark.Root, StringComparison.Ordinal),
        _ => true,
    };

    /// <summary>A process begins.</summary>
    public async Task BegunAsync(OperatorContext around)
    {
        if (bug == Bug.ClockForgottenAtRestart)
        {
            foreach (var key in around.Cluster.Keys.List())
            {
                await new RecordWriter(around).EditAsync<KeyRecord>(RecordOwner.Of(key.Metadata),
                    record => record.With(World.Region, one => one with { UnknownSince = null }),
                    CancellationToken.None);
            }
        }
    }

    /// <summary>The key goes from the record alone.</summary>
    private void Forget(Home home, string name) => Edit(
        home, record => record with { AlsoPinned = [.. record.AlsoPinned.Where(key => key.Name != name)] });

    private void Edit(Home home, Func<StoreRecord, StoreRecord> edit) => new RecordWriter(Around!)
        .EditAsync(new RecordOwner(home.Namespace, home.Store.Name, home.Uid!), edit, CancellationToken.None)
        .GetAwaiter().GetResult();

    private bool IsAsked(HttpRequestMessage request, string end) =>
        IsActing && request.Method == HttpMethod.Get
            && request.RequestUri!.AbsolutePath.EndsWith(end, StringComparison.Ordinal);

    /// <summary>As it stood when the act was decided.</summary>
    private static byte[] Unrevoked(byte[] answer)
    {
        if (JsonNode.Parse(answer) is JsonObject { } key && key["spec"] is JsonObject spec)
        {
            spec["state"] = KeyStates.Active;
            return Encoding.UTF8.GetBytes(key.ToJsonString());
        }

        return answer;
    }

    private static byte[] Raised(byte[] answer)
    {
        if (JsonNode.Parse(answer) is JsonObject { } key && key["spec"]?["imported"] is JsonObject imported)
        {
            imported["generation"] = 2;
            return Encoding.UTF8.GetBytes(key.ToJsonString());
        }

        return answer;
    }

    private static byte[] WithoutOverlap(byte[] answer)
    {
        if (JsonNode.Parse(answer) is JsonObject { } store && store["spec"]?["rotation"] is JsonObject rotation)
        {
            rotation["overlap"] = "0s";
            return Encoding.UTF8.GetBytes(store.ToJsonString());
        }

        return answer;
    }

    private Step StoredPhase(IReadOnlyList<Rung<StoreWorld>> rungs, StoreWorld seen)
    {
        for (; storedPhase < rungs.Count; storedPhase++)
        {
            if (Ladder.Next([rungs[storedPhase]], seen) is var step and not Step.Rest)
            {
                return step;
            }
        }

        return new Step.Rest();
    }
}
