using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Records;
using ByokOperator.Tests.Hosting;
using Cloud.Keys;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>What opens a store is refused unless the same key proves itself at that moment.</summary>
public sealed class KeyGateTests
{
    [Fact]
    public async Task The_key_of_the_pin_that_proves_itself_may_open()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var pin = await executors.ProveAsync();
        (await executors.Gate.DemandAsync(await lookout.ApplyStoreAsync(), pin, CancellationToken.None)).Id
            .ShouldBe(Lookout.Arn);
    }

    [Fact]
    public async Task No_object_opens_nothing()
    {
        await using var lookout = await Lookout.StartAsync();
        (await RefusalAsync(lookout, pin: null)).ShouldBe("KeyNotFound");
    }

    [Fact]
    public async Task A_key_that_this_process_never_judged_or_that_its_tenant_revokes_opens_nothing()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        (await RefusalAsync(lookout, pin: null)).ShouldBe("KeyNotUsable");

        await new Executors(lookout).ProveAsync();
        await lookout.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = "key", Namespace = Lookout.Namespace },
                Spec = key.Spec with
                {
                    State = KeyStates.Revoked,
                    Revocation = new KeyRevocation { Confirm = "revoke" },
                },
            },
            "test", CancellationToken.None);
        (await RefusalAsync(lookout, pin: null)).ShouldBe("KeyNotUsable");
    }

    [Fact]
    public async Task A_key_without_a_stored_canary_opens_nothing()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        executors.Judged(await lookout.ApplyKeyAsync(), pin: null);
        (await RefusalAsync(lookout, pin: null)).ShouldBe("CanaryNotStored");
    }

    [Fact]
    public async Task A_canary_that_can_not_be_read_opens_nothing()
    {
        await using var lookout = await Lookout.StartAsync();
        await new Executors(lookout).ProveAsync();
        await lookout.SpoilRecordsAsync("nonsense");
        (await RefusalAsync(lookout, pin: null)).ShouldBe(RecordedFault.Unreadable);
    }

    [Fact]
    public async Task Another_key_than_the_one_of_the_pin_opens_nothing()
    {
        await using var lookout = await Lookout.StartAsync();
        await new Executors(lookout).ProveAsync();
        (await RefusalAsync(lookout, new KeyPin(Lookout.Arn, "m2", "d2"))).ShouldBe("KeyReplaced");
    }

    [Theory]
    [InlineData(KeyVerdict.Revoked, "KeyDisabled")]
    [InlineData(KeyVerdict.Unknown, "Unreachable")]
    public async Task A_key_that_does_not_prove_itself_at_that_moment_opens_nothing_and_the_service_says_why(
        KeyVerdict verdict, string reason)
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var pin = await executors.ProveAsync();
        executors.Answers(verdict, reason);
        (await RefusalAsync(lookout, pin)).ShouldBe(reason);
    }

    private static async Task<string> RefusalAsync(Lookout lookout, KeyPin? pin)
    {
        var store = await lookout.ApplyStoreAsync();
        return await Executors.RefusalAsync(
            () => new Executors(lookout).Gate.DemandAsync(store, pin, CancellationToken.None));
    }
}
