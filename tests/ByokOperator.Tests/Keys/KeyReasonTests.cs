using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>What each rung of a key's ladders says where it lacks something, and what it then does.</summary>
public sealed class KeyReasonTests
{
    private const string Region = KeyWorlds.Region;

    private static readonly DateTimeOffset Noon = KeyWorlds.Noon;

    private static readonly KeyRef reference = new(Region, "arn:aws:kms:eu-west-1:111122223333:key/1");

    private static readonly KeyAnswer Usable = KeyWorlds.Usable;

    private static KeyWorld Good => KeyWorlds.Good;

    private static readonly CanaryRenewal Renewal = new("from", "to");

    private static readonly Fact<IReadOnlyList<string>> used = Fact.Seen<IReadOnlyList<string>>(["store"]);

    private static readonly IReadOnlyList<(string Rung, Finding Says, KeyWorld Where)> rows =
    [
        ("Claimed", new Finding.Lacks("NotClaimed", new KeyAct.Claim("uid")), Good with { IsClaimed = false }),
        ("ClocksKept", new Finding.Lacks("ClockNotStarted", new KeyAct.StartClock(Region, Clock.Unknown, Noon)),
            KeyWorlds.Answering(Usable with { Verdict = KeyVerdict.Unknown })),
        ("ClocksKept", new Finding.Lacks("ClockStillRuns", new KeyAct.StopClock(Region, Clock.Revoked, Noon)),
            KeyWorlds.Of(region => region with { RevokedSince = Fact.Seen<DateTimeOffset?>(Noon) })),
        ("Adopted", new Finding.Lacks("NotTakenBack", new KeyAct.Adopt("uid", "earlier")),
            Good with { Adoption = new Takeover("earlier", IsConsented: true, "") }),
        ("SpecRecorded", new Finding.Lacks("SpecNotRecorded", new KeyAct.RecordSpec("uid")),
            Good with { IsSpecRecorded = false }),
        ("PolicyGranted", new Finding.Lacks("PolicyNotPublished", new KeyAct.PublishPolicy("digest")),
            Good with { RequiredPolicy = "digest" }),
        ("PolicyGranted",
            new Finding.Pending("ActionsMissing", Good.ProbeInterval,
                $"the key in {Region} does not allow kms:Decrypt: apply the published policy (no)"),
            KeyWorlds.Answering(
                Usable with { Verdict = KeyVerdict.Revoked, Message = "no", MissingActions = ["kms:Decrypt"] })),
        ("KeyUsable", new Finding.Lacks("CanaryNotRenewed", new KeyAct.RenewCanary(Region, Renewal)),
            KeyWorlds.Answering(Usable with { Renewal = Renewal })),
        ("VersionConfirmed", new Finding.Lacks("VersionNotRecorded", new KeyAct.AcceptVersion(Region, null, "m2")),
            KeyWorlds.Answering(Usable with { Version = "m2" })),
        ("MaterialImported", new Finding.Lacks("KeyNotMade", new KeyAct.CreateKey(Region, Noon)), Imported(null)),
        ("MaterialImported", new Finding.Lacks("KeyNotMade", new KeyAct.ResumeCreation(Region, Noon)),
            Imported(null, note: Noon)),
        ("MaterialImported",
            new Finding.Lacks("MaterialNotImported", new KeyAct.ImportMaterial(Region, reference.Id, "f1", null)),
            Imported(Named(ImportedKeyState.PendingImport))),
        ("MaterialWithdrawn", new Finding.Lacks("MaterialStands", new KeyAct.WithdrawMaterial(Region, reference.Id)),
            Imported(Named(ImportedKeyState.Enabled)) with { State = KeyStates.Revoked, IsRevocationConfirmed = true }),
        ("CreationSettled",
            new Finding.Lacks("CreationNotSwept", new KeyAct.SweepKeys(Region, Noon.AddHours(-1), reference.Id)),
            Imported(Named(ImportedKeyState.Enabled), note: Noon.AddHours(-1))),
        ("KeyScheduledForDeletion", new Finding.Lacks("KeyStands", new KeyAct.DestroyKey(Region, reference.Id)),
            Imported(Named(ImportedKeyState.Enabled)) with { IsDeleting = true }),
        ("CanaryKept", new Finding.Lacks("CanaryNotRenewed", new KeyAct.RenewCanary(Region, Renewal)),
            KeyWorlds.Answering(Usable with { Renewal = Renewal }) with { IsDeleting = true, Users = used }),
        ("RecordNeeded", new Finding.Lacks("RecordNotNeeded", new KeyAct.EndRecord("uid")),
            Good with { IsRecordedOnly = true, IsNeeded = false }),
        ("Released", new Finding.Lacks("StillClaimed", new KeyAct.Release("uid")), Good with { IsDeleting = true }),
    ];

    public static TheoryData<int, string> Rows =>
        [.. rows.Select((row, at) => (at, $"{row.Rung}: {Reason(row.Says)}"))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_rung_says_what_it_lacks_and_proposes_what_mends_it(int row, string name)
    {
        var (rung, says, where) = rows[row];
        Rungs().First(one => one.Condition == rung).Look(where).ShouldBe(says, name);
    }

    [Fact]
    public void A_good_key_lacks_nothing() =>
        KeyLadder.WhenWanted.Select(rung => (rung.Condition, Finding: rung.Look(Good)))
            .Where(one => one.Finding is not Finding.Holds).ShouldBeEmpty();

    /// <summary>A record that is lost while the key waits for its stores to go is written anew; not of a key that is
    /// not this one's yet, that the tenant revoked, that nothing is given for, or that nobody uses.</summary>
    [Fact]
    public void The_canary_of_a_key_in_deletion_is_kept_as_long_as_stores_use_it()
    {
        var lost = KeyWorlds.Answering(Usable with { Renewal = Renewal }) with { IsDeleting = true, Users = used };
        StepOf(lost).ShouldBeOfType<Step.Take>().Act.ShouldBeOfType<KeyAct.RenewCanary>();
        KeyWorld[] others =
        [
            lost with { Adoption = new Takeover("earlier", IsConsented: true, "") },
            lost with { Refusal = Fact.Seen<Ruling.Refused?>(Ruling.NoTenant("acme")) },
            lost with
            {
                State = KeyStates.Revoked,
                IsRevocationConfirmed = true,
                Regions =
                    [.. lost.Regions.Select(one => one with { RevokedSince = Fact.Seen<DateTimeOffset?>(Noon) })],
            },
        ];
        others.Select(StepOf).ShouldAllBe(step => step is Step.Halt, "a person has to delete the stores");
        StepOf(lost with { Users = Fact.Seen<IReadOnlyList<string>>([]) })
            .ShouldBeOfType<Step.Take>().Act.ShouldBeOfType<KeyAct.Release>();
    }

    private static Step StepOf(KeyWorld world) => KeyLadder.Choose(world).Steps.Single();

    private static IEnumerable<Rung<KeyWorld>> Rungs() =>
        [.. KeyLadder.WhenWanted, .. KeyLadder.WhenDeleting, .. KeyLadder.WhenRecordedOnly];

    private static string Reason(Finding finding) => finding switch
    {
        Finding.Lacks lacks => lacks.Reason,
        Finding.Pending pending => pending.Reason,
        _ => throw new NotSupportedException($"{finding}"),
    };

    private static ImportedKey Named(ImportedKeyState state) =>
        new(reference, state, null, state == ImportedKeyState.PendingImport ? null : new MaterialExpiry.Never(), Noon);

    private static KeyWorld Imported(ImportedKey? key, DateTimeOffset? note = null) => Good with
    {
        Import = new ImportWorld
        {
            Regions = [new ImportRegion(Region, Fact.Seen(note), Fact.Seen(key), Fact.Seen(false))],
            Upload = Fact.Seen<Upload>(new Upload.Ready("f1")),
            Bound = Fact.Seen(ImportWorlds.Bound()),
            Expiry = new MaterialExpiry.Never(),
            Settling = TimeSpan.FromMinutes(5),
        },
    };
}
