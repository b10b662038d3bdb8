using System.Reflection;
using System.Runtime.CompilerServices;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.NextBuckets;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Returning;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using ByokOperator.Tests.Stores;
using Cloud.Stores;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Tenants;

/// <summary>
/// Which acts begin something, and that these alone ask the platform's word: live, whatever the watch still shows. Each
/// act is in one of the two lists.
/// </summary>
public sealed class BeginningTests
{
    private static readonly Type[] begin =
    [
        typeof(StoreAct.Adopt), typeof(StoreAct.PrepareTarget), typeof(StoreAct.PinKey), typeof(StoreAct.RestoreGrant),
        typeof(StoreAct.AllowTarget), typeof(StoreAct.Bind), typeof(StoreAct.Point),
        typeof(MigrationAct.StartCopy), typeof(MigrationAct.QuiesceWorkloads), typeof(MigrationAct.RaiseFence),
        typeof(MigrationAct.WriteReceipt),
        typeof(MigrationAct.MarkServed), typeof(MigrationAct.ServeTarget), typeof(MigrationAct.RetireBatch),
        typeof(KeyChangeAct.PinNewKey), typeof(KeyChangeAct.Admit), typeof(KeyChangeAct.Redirect),
        typeof(NextAct.Intend), typeof(NextAct.Prepare),
        typeof(ReturnAct.HoldPlace), typeof(ReturnAct.Begin),
        typeof(KeyAct.Adopt), typeof(KeyAct.SaveCanary), typeof(KeyAct.CreateKey), typeof(KeyAct.ResumeCreation),
        typeof(KeyAct.ImportMaterial), typeof(KeyAct.ImportNewMaterial),
        // of a key that was given all it names; what was begun of another is recorded all the same
        typeof(KeyAct.RecordSpec),
    ];

    private static readonly Type[] goOn =
    [
        typeof(StoreAct.NoteClosed), typeof(StoreAct.NoteReopened), typeof(StoreAct.Claim), typeof(StoreAct.Release),
        typeof(StoreAct.RevokeGrant), typeof(StoreAct.DenyTarget), typeof(StoreAct.ResumeWorkloads),
        typeof(StoreAct.SuspendWorkloads), typeof(StoreAct.RemoveBinding), typeof(StoreAct.StopCopies),
        typeof(StoreAct.StartUnseenClock),
        typeof(StoreAct.StopUnseenClock), typeof(StoreAct.WriteReport), typeof(StoreAct.RecordRetention),
        typeof(StoreAct.EndRecord),
        typeof(StoreAct.EmptyTarget), typeof(StoreAct.DeleteTarget), typeof(StoreAct.DenyOther),
        typeof(NextAct.AllowOther), typeof(NextAct.DeleteOther), typeof(NextAct.GiveUp), typeof(NextAct.Finish),
        typeof(MigrationAct.StopCopy), typeof(MigrationAct.GiveUpFence), typeof(MigrationAct.ReleaseWorkloads),
        typeof(MigrationAct.LiftFence),
        typeof(MigrationAct.ClearCopies),
        typeof(ReturnAct.Intend), typeof(ReturnAct.ClearPlace), typeof(ReturnAct.ReleasePlace),
        typeof(ReturnAct.GiveUp), typeof(ReturnAct.DeleteStore),
        typeof(KeyChangeAct.Unpin), typeof(KeyChangeAct.StartOverlap), typeof(KeyChangeAct.Refuse),
        typeof(KeyChangeAct.Release),
        typeof(KeyChangeAct.AbortUploads), typeof(KeyChangeAct.StartReencryption),
        typeof(KeyChangeAct.StopReencryption), typeof(KeyChangeAct.ReleaseAll),
        typeof(KeyAct.Claim), typeof(KeyAct.PublishPolicy), typeof(KeyAct.EndRecord), typeof(KeyAct.RenewCanary),
        typeof(KeyAct.AcceptVersion), typeof(KeyAct.StartClock),
        typeof(KeyAct.StopClock), typeof(KeyAct.Release), typeof(KeyAct.SweepKeys), typeof(KeyAct.WithdrawMaterial),
        typeof(KeyAct.DestroyKey),
        typeof(KeyAct.NoteMaterial), typeof(KeyAct.RotateMaterial),
    ];

    public static TheoryData<Type> Begin => [.. begin];

    public static TheoryData<Type> GoOn => [.. goOn];

    [Fact]
    public void Each_act_is_said_to_begin_something_or_not() =>
        begin.Concat(goOn)
            .Order(Comparer<Type>.Create((one, other) => string.CompareOrdinal(one.FullName, other.FullName)))
            .ShouldBe(
                new[]
                {
                    typeof(StoreAct),
                    typeof(MigrationAct),
                    typeof(KeyChangeAct),
                    typeof(ReturnAct),
                    typeof(NextAct),
                    typeof(KeyAct),
                }.SelectMany(kind => kind.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic))
                    .Order(Comparer<Type>.Create((one, other) => string.CompareOrdinal(one.FullName, other.FullName))));

    [Theory]
    [MemberData(nameof(Begin))]
    public async Task What_was_taken_back_a_moment_ago_begins_nothing(Type act) =>
        (await RefusalAsync(act)).ShouldBe("NoTenant");

    [Theory]
    [MemberData(nameof(GoOn))]
    public async Task What_closes_mends_lets_go_or_reports_asks_nobody(Type act) =>
        (await RefusalAsync(act)).ShouldNotBe("NoTenant");

    [Fact]
    public void Mending_a_place_that_stands_begins_nothing()
    {
        var prepare = new StoreAct.PrepareTarget("uid");
        StorePlan.Begins(Worlds.Open, prepare).ShouldBeFalse();
        StorePlan.Begins(Worlds.Open with { IsPlaced = false }, prepare)
            .ShouldBeTrue("nobody wrote down that it was put there");
        StorePlan.Begins(Worlds.Open.With(StoreOwnership.Absent), prepare).ShouldBeTrue();
        StorePlan.Begins(Worlds.Open with { Target = Fact.Blind<TargetFacts>("Throttled") }, prepare).ShouldBeTrue();
    }

    /// <summary>What the executor says to the bare act once the Tenant is gone and no watch showed it;
    /// null where it is not refused.</summary>
    private static async Task<string?> RefusalAsync(Type type)
    {
        await using var lookout = await Lookout.StartAsync();
        var (key, store) = (await lookout.ApplyKeyAsync(), await lookout.ApplyStoreAsync());
        await lookout.StopWatchingAsync();
        await lookout.Kube.Api<ByokOperator.Api.Tenant>()
            .DeleteAsync(new ObjectKey("", Lookout.Namespace), null, CancellationToken.None);
        lookout.Around.Cluster.Tenants.Authority.TenantOf(Lookout.Namespace).ShouldNotBeNull();
        var (executors, act) = (new Executors(lookout), (Act)RuntimeHelpers.GetUninitializedObject(type));
        try
        {
            if (act is KeyAct)
            {
                var world = new KeyObserver(lookout.Around, new KeyLiveReads(lookout.Around),
                    imports: null!).Unseen(key, "NotLooked");
                await executors.Keys.PerformAsync(key, world, act, CancellationToken.None);
            }
            else
            {
                await executors.Stores.PerformAsync(store, Worlds.Open.With(StoreOwnership.Absent), act,
                    CancellationToken.None);
            }

            return null;
        }
        catch (RefusedActException refused)
        {
            return refused.Reason;
        }
        catch (Exception empty) when (empty is not Xunit.Sdk.IAssertionException)
        {
            return null; // it got as far as what the bare act does not say
        }
    }
}
