using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;
using Kube.Core;
using Shouldly;
using Xunit;
using static ByokOperator.Tests.Keys.ImportWorlds;

namespace ByokOperator.Tests.Keys;

/// <summary>A vault's key that goes from one generation of material to the next: a version each, of which only the
/// newest is needed, and which stores are under only once it was proved.</summary>
public sealed class VaultGenerationTests
{
    private const string Id = "https://platform.vault.azure.net/keys/acme";
    private static readonly MaterialExpiry never = new MaterialExpiry.Never();
    private static readonly KeyRef reference =
        new(KeyRef.AnyRegion, Id) { Cloud = Cloud.CloudKind.Azure, IsOurs = true };

    private static readonly ImportedKey enabled = new(reference, ImportedKeyState.Enabled, "v2", never, Now);
    private static readonly HeldMaterial first =
        new("v1", MaterialUse.Earlier, IsImported: true, never) { IsSpare = true };
    private static readonly HeldMaterial second = new("v2", MaterialUse.Current, IsImported: true, never)
    {
        RotatedAt = Now,
    };

    private static readonly Canary once = new(Id, "v1", new byte[] { 1 }, new Dictionary<string, string>());
    private static readonly Canary twice = once with { Successor = new CanarySuccessor("v2", new byte[] { 2 }) };

    [Fact]
    public void A_raise_and_an_upload_are_a_new_version_and_nothing_has_to_be_made_current()
    {
        var single = second with { Id = "v1", RotatedAt = null };
        ActOf(World(2, Bound("f1", null), [single], new Upload.Ready("f2")))
            .ShouldBe(new KeyAct.ImportNewMaterial(KeyRef.AnyRegion, Id, "f2", 2));
        StepOf(World(2, Bound("f1", "f2"), [first, second], new Upload.Ready("f2"))).ShouldBeOfType<Step.Rest>();
    }

    [Fact]
    public void A_version_is_used_once_the_record_says_whose_material_it_holds()
    {
        World(2, Bound("f1", "f2"), [first, second]).Import!.VersionIn(KeyRef.AnyRegion).ForDisplay().ShouldBe("v2");
        World(2, Bound("f1", null, "f2"), [first, second]).Import!.VersionIn(KeyRef.AnyRegion).ForDisplay()
            .ShouldBeNull("it is not noted yet");
        ActOf(World(2, Bound("f1", null, "f2"), [first, second]))
            .ShouldBe(new KeyAct.NoteMaterial(KeyRef.AnyRegion, 2, "v2"), "by an import that was interrupted");
        World(2, Bound("f1", "f2"), [first, second], key: enabled with { State = ImportedKeyState.Disabled })
            .Import!.VersionIn(KeyRef.AnyRegion).ForDisplay().ShouldBeNull("nobody can use it");
        World(3, Bound("f1", "f2", "f3"), [first, second]).Import!.VersionIn(KeyRef.AnyRegion).ForDisplay()
            .ShouldBeNull("a later one was begun");
        var blind = World(2, Bound("f1", "f2"), []).Import!;
        (blind with
        {
            Regions =
                [blind.Regions[0] with { Listed = Fact.Blind<IReadOnlyList<HeldMaterial>>("Throttled") }],
        }).VersionIn(KeyRef.AnyRegion).Blindness.ShouldBe("Throttled");
    }

    [Fact]
    public void Coming_back_asks_for_the_newest_alone()
    {
        var gone = World(2, Bound("f1", "f2"),
            [first with { IsImported = false, Expiry = null }, second with { IsImported = false, Expiry = null }],
            new Upload.Ready("f1"), enabled with { State = ImportedKeyState.PendingImport, Expiry = null });

        MaterialReport.Missing(gone, null).ShouldBe([2]);
        MaterialReport.Of(gone, KeyRef.AnyRegion, null)!.Select(one => one.State).ShouldBe(["Off", "Missing"]);
        ImportLadder.MaterialValid(gone).ShouldBeOfType<Finding.Stuck>().Message
            .ShouldContain("generation 2 (fingerprint f2)");
        ActOf(gone with { Import = gone.Import! with { Upload = Fact.Seen<Upload>(new Upload.Ready("f2")) } })
            .ShouldBe(new KeyAct.ImportMaterial(KeyRef.AnyRegion, Id, "f2", "v2"));
    }

    [Fact]
    public void An_earlier_version_is_asked_for_neither_because_it_is_off_nor_for_its_end()
    {
        var end = new MaterialExpiry.At(Now.AddDays(3));
        foreach (var old in (HeldMaterial[])[first with { IsImported = false, Expiry = null },
            first with { Expiry = end }])
        {
            var world = World(2, Bound("f1", "f2"), [old, second]);
            StepOf(world).ShouldBeOfType<Step.Rest>();
            MaterialReport.Missing(world, null).ShouldBeNull();
            MaterialExpiryWarning.FirstEnd(world).ShouldBeNull();
        }
    }

    [Fact]
    public void A_revocation_is_done_once_every_version_is_off()
    {
        var gone = World(2, Bound("f1", "f2"), [first, second with { IsImported = false, Expiry = null }],
            key: enabled with { State = ImportedKeyState.PendingImport, Expiry = null }) with
        {
            State = KeyStates.Revoked, IsRevocationConfirmed = true,
        };
        ImportLadder.MaterialWithdrawn(gone).ShouldBeOfType<Finding.Lacks>().Remedy
            .ShouldBe(new KeyAct.WithdrawMaterial(KeyRef.AnyRegion, Id), "the earlier one stands");
    }

    [Fact]
    public void What_was_proved_is_held_until_the_new_version_was()
    {
        HeldBy(once).ShouldBe("v1");
        HeldBy(once, newest: "v2").ShouldBe("v2", "it is asked with that one");
        HeldBy(twice).ShouldBe("v2", "it was proved");
        HeldBy(null, newest: "v1").ShouldBe("v1");
    }

    [Fact]
    public void Where_rotations_wait_for_a_word_the_new_version_waits_for_it_too()
    {
        HeldBy(once, newest: "v2", confirmed: "").ShouldBe("v1");
        HeldBy(once, newest: "v2", confirmed: "v2").ShouldBe("v2");
        HeldBy(once, newest: "v2", confirmed: "v3").ShouldBe("v1", "nobody has seen it");
        HeldBy(twice, confirmed: "v2").ShouldBe("v2");
        HeldBy(null, newest: "v1", confirmed: "").ShouldBe("v1");
    }

    /// <param name="confirmed">Null: rotations wait for nobody.</param>
    private static string? HeldBy(Canary? canary, string? newest = null, string? confirmed = null)
    {
        var key = new TenantEncryptionKey
        {
            Metadata = new ObjectMeta { Name = "key", Namespace = "tenant", Uid = "uid" },
            Spec = new TenantEncryptionKeySpec
            {
                Rotation = new KeyRotation
                {
                    Confirmation = confirmed is null ? KeyRotation.Automatic : KeyRotation.Manual,
                    ConfirmedVersion = confirmed,
                },
                Imported = new ImportedSource
                {
                    Azure = new AzureImport { VaultUri = "https://platform.vault.azure.net", KeyName = "acme" },
                },
            },
        };
        return KeyRefs.Of(key, KeyRef.AnyRegion, Id, canary, newest) is { Cloud: Cloud.CloudKind.Azure } held
            && held.Id != Id ? held.Id[(Id.Length + 1)..] : null;
    }

    /// <summary>Generations from 1 on, in versions v1, v2 and so on; those after a null are not noted yet.</summary>
    private static IReadOnlyList<KeyRecordMaterial> Bound(params string?[] fingerprints)
    {
        var begun = Array.IndexOf(fingerprints, null);
        return [.. ImportWorlds.Bound(fingerprints)
            .Select((one, at) => begun >= 0 && at >= begun ? one : one.Under(KeyRef.AnyRegion, $"v{at + 1}"))];
    }

    /// <summary>All is well but for what these facts say.</summary>
    private static KeyWorld World(
        int asked, IReadOnlyList<KeyRecordMaterial> bound, IReadOnlyList<HeldMaterial> held, Upload? upload = null,
        ImportedKey? key = null)
    {
        var world = GenerationLadderTests.World(asked, bound, held, upload ?? new Upload.Absent("put it there"));
        return world with
        {
            Import = world.Import! with
            {
                Regions =
                [
                    new ImportRegion(KeyRef.AnyRegion, Fact.Seen<DateTimeOffset?>(null),
                        Fact.Seen<ImportedKey?>(key ?? enabled), Fact.Seen(true)) { Listed = Fact.Seen(held) },
                ],
            },
        };
    }
}
