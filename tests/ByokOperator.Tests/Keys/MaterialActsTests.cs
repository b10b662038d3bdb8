using System.Security.Cryptography;
using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Tests.Hosting;
using Cloud.Keys;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>New material through the real executor into a KMS: what it writes down and when,
/// and what it is refused for.</summary>
public sealed class MaterialActsTests
{
    private static readonly string[] regions = [Lookout.Region, ImportedOnLocalCloud.Elsewhere];
    private readonly byte[][] secrets =
        [RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32)];

    [Fact]
    public async Task A_second_material_is_bound_imported_everywhere_and_made_current()
    {
        await using var world = await ImportedOnLocalCloud.StartAsync();
        var (first, second) = await RotatedAsync(world);

        (await world.BoundAsync()).Select(one => (one.Generation, one.Fingerprint, one.Ids.Count))
            .ShouldBe([(1, first, 2), (2, second, 2)]);
        foreach (var region in regions)
        {
            (await world.HeldAsync(region)).Select(one => (one.Use, one.IsImported))
                .ShouldBe([(MaterialUse.Earlier, true), (MaterialUse.Current, true)]);
            (await world.HeldAsync(region)).Select(one => one.Id)
                .ShouldBe((await world.BoundAsync()).Select(one => one.Ids[region]));
        }
    }

    [Fact]
    public async Task Nothing_is_made_current_before_every_region_has_it()
    {
        await using var world = await ImportedOnLocalCloud.StartAsync();
        await BegunAsync(world);
        var second = await world.HandOverAsync(secrets[1]);
        await world.PerformAsync(await world.NewAsync(Lookout.Region, second, 2));
        (await world.RefusalAsync(await world.RotationAsync(Lookout.Region, 2))).ShouldBe("NewMaterialMissing");
        (await world.HeldAsync()).Count(one => one.Use == MaterialUse.PendingRotation).ShouldBe(1);
    }

    [Fact]
    public async Task An_import_whose_answer_was_lost_is_found_and_not_made_twice()
    {
        await using var world = await ImportedOnLocalCloud.StartAsync();
        await BegunAsync(world);
        var second = await world.HandOverAsync(secrets[1]);
        var import = await world.NewAsync(Lookout.Region, second, 2);
        await world.PerformAsync(import);
        var before = world.Cloud.Count("kms", "ImportKeyMaterial");
        await world.PerformAsync(import);
        world.Cloud.Count("kms", "ImportKeyMaterial").ShouldBe(before);
        (await world.HeldAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_rotation_that_was_made_already_is_none()
    {
        await using var world = await ImportedOnLocalCloud.StartAsync();
        await RotatedAsync(world);
        await world.PerformAsync(await world.RotationAsync(Lookout.Region, 2));
        (await world.HeldAsync()).Single(one => one.Use == MaterialUse.Current).Id
            .ShouldBe((await world.BoundAsync())[1].Ids[Lookout.Region]);
    }

    [Fact]
    public async Task No_new_material_is_begun_that_the_spec_does_not_ask_for_or_that_is_not_the_one_decided_on()
    {
        await using var world = await ImportedOnLocalCloud.StartAsync();
        await BegunAsync(world);
        await world.AskAsync(generation: 1);
        var second = await world.HandOverAsync(secrets[1]);
        (await world.RefusalAsync(await world.NewAsync(Lookout.Region, second, 2))).ShouldBe("SpecChanged");
        await world.AskAsync(generation: 2);
        (await world.RefusalAsync(await world.NewAsync(Lookout.Region, "another", 2))).ShouldBe("UploadChanged");
        await world.AskAsync(generation: 2, KeyStates.Revoked);
        (await world.RefusalAsync(await world.NewAsync(Lookout.Region, second, 2)))
            .ShouldBe("SpecChanged", "the tenant revokes");
        (await world.RefusalAsync(await world.RotationAsync(Lookout.Region, 2))).ShouldBe("SpecChanged");
        (await world.BoundAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_generation_that_is_bound_takes_no_other_material()
    {
        await using var world = await ImportedOnLocalCloud.StartAsync();
        await BegunAsync(world);
        await world.PerformAsync(await world.NewAsync(Lookout.Region, await world.HandOverAsync(secrets[1]), 2));
        var third = await world.HandOverAsync(secrets[2]);
        (await world.RefusalAsync(await world.NewAsync(ImportedOnLocalCloud.Elsewhere, third, 2)))
            .ShouldBe("KeyReplaced");
        (await world.RefusalAsync(new KeyAct.ImportMaterial(Lookout.Region, await world.IdAsync(), third, null)))
            .ShouldBe("KeyReplaced");
    }

    /// <summary>The pending one passed for the next generation's, and was written down under its name.</summary>
    [Fact]
    public async Task A_generation_begins_once_none_before_it_is_pending_anywhere()
    {
        await using var world = await ImportedOnLocalCloud.StartAsync();
        await BegunAsync(world);
        await world.PerformAsync(await world.NewAsync(Lookout.Region, await world.HandOverAsync(secrets[1]), 2));
        await world.AskAsync(generation: 3);
        var third = await world.HandOverAsync(secrets[2]);
        foreach (var region in regions)
        {
            (await world.RefusalAsync(await world.NewAsync(region, third, 3))).ShouldBe("NewMaterialPending");
        }

        (await world.BoundAsync()).Select(one => one.Generation).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Material_that_the_cloud_has_is_refused_as_new_with_that_reason()
    {
        await using var world = await ImportedOnLocalCloud.StartAsync();
        await BegunAsync(world);
        var unknown = RandomNumberGenerator.GetBytes(32);
        var place = ImportObserver.PlaceOf(world.Key, Lookout.Region);
        var key = new KeyRef(Lookout.Region, await world.IdAsync()) { IsOurs = true };
        await world.Port.ImportNewAsync(place, key, unknown, new MaterialExpiry.Never(), CancellationToken.None);
        await world.Port.RotateAsync(place, key, CancellationToken.None);
        (await world.RefusalAsync(await world.NewAsync(Lookout.Region, await world.HandOverAsync(unknown), 2)))
            .ShouldBe("MaterialKnown");
    }

    [Fact]
    public async Task A_key_that_was_rotated_as_often_as_the_cloud_does_says_so()
    {
        await using var world = await ImportedOnLocalCloud.StartAsync();
        await BegunAsync(world);
        var second = await world.HandOverAsync(secrets[1]);
        foreach (var region in regions)
        {
            await world.PerformAsync(await world.NewAsync(region, second, 2));
        }

        world.Cloud.AddFault(
            new FaultRule(new FaultEffect.Answer(400, "LimitExceededException", "no more"))
            {
                Service = "kms",
                Operation = "RotateKeyOnDemand",
            });
        (await world.RefusalAsync(await world.RotationAsync(Lookout.Region, 2)))
            .ShouldBe(GenerationLadder.NoRotationLeft);
    }

    [Fact]
    public async Task Every_material_is_withdrawn_and_a_withdrawal_that_broke_off_is_seen_and_ended()
    {
        await using var world = await ImportedOnLocalCloud.StartAsync();
        await RotatedAsync(world);
        await world.AskAsync(generation: 2, KeyStates.Revoked);
        world.Cloud.AddFault(
            new FaultRule(new FaultEffect.Answer(400, "NotFoundException", "gone"))
            {
                Service = "kms",
                Operation = "ListKeyRotations",
                Count = 1,
            });
        var withdraw = new KeyAct.WithdrawMaterial(Lookout.Region, await world.IdAsync());
        await world.PerformAsync(withdraw);
        (await world.HeldAsync()).Select(one => one.IsImported).ShouldBe([true, false], "the current one alone went");
        (await FindingAsync(world)).ShouldBe(withdraw);
        await world.PerformAsync(withdraw);
        (await world.HeldAsync()).ShouldAllBe(one => !one.IsImported);
        (await FindingAsync(world)).ShouldBeOfType<KeyAct.WithdrawMaterial>().Region
            .ShouldBe(ImportedOnLocalCloud.Elsewhere);
    }

    [Fact]
    public async Task All_materials_come_back_in_any_order_each_by_its_own_name()
    {
        await using var world = await ImportedOnLocalCloud.StartAsync();
        await RotatedAsync(world);
        foreach (var region in regions)
        {
            await world.Port.DeleteMaterialAsync(ImportObserver.PlaceOf(world.Key, region),
                new KeyRef(region, await world.IdAsync(region)) { IsOurs = true }, CancellationToken.None);
        }

        (await world.LookAsync()).Needed.Select(one => (one.Region, one.Generation))
            .ShouldBe([(regions[0], 1), (regions[0], 2), (regions[1], 1), (regions[1], 2)]);
        foreach (var secret in (byte[][])[secrets[1], secrets[0]])
        {
            var fingerprint = await world.HandOverAsync(secret);
            foreach (var needed in (await world.LookAsync()).Needed.Where(one => one.Fingerprint == fingerprint))
            {
                await world.ImportAsync(needed.Region, fingerprint, needed.Id);
            }
        }

        (await world.LookAsync()).Needed.ShouldBeEmpty();
        (await world.Port.FindAsync(ImportObserver.PlaceOf(world.Key, Lookout.Region), CancellationToken.None))!.State
            .ShouldBe(ImportedKeyState.Enabled);
    }

    private static async Task<KeyAct?> FindingAsync(ImportedOnLocalCloud world)
    {
        var revoked = KeyWorlds.Good with
        {
            State = KeyStates.Revoked,
            IsRevocationConfirmed = true,
            Import = await world.LookAsync(),
        };
        return (ImportLadder.MaterialWithdrawn(revoked) as ByokOperator.Reconciling.Finding.Lacks)?.Remedy as KeyAct;
    }

    /// <summary>The first material is in both regions, and a second is asked for.</summary>
    /// <returns>The first one's fingerprint.</returns>
    private async Task<string> BegunAsync(ImportedOnLocalCloud world)
    {
        var first = await world.HandOverAsync(secrets[0]);
        foreach (var region in regions)
        {
            await world.ImportAsync(region, first);
        }

        await world.AskAsync(generation: 2);
        return first;
    }

    private async Task<(string First, string Second)> RotatedAsync(ImportedOnLocalCloud world)
    {
        var first = await BegunAsync(world);
        var second = await world.HandOverAsync(secrets[1]);
        foreach (var region in regions)
        {
            await world.PerformAsync(await world.NewAsync(region, second, 2));
        }

        foreach (var region in regions)
        {
            await world.PerformAsync(await world.RotationAsync(region, 2));
        }

        return (first, second);
    }
}
