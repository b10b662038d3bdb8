using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Tests.Hosting;
using Kube.Core;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>What is refused at the last moment, on a live look.</summary>
public sealed class KeyActsTests
{
    [Fact]
    public async Task A_policy_that_this_spec_does_not_ask_for_is_not_published()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        (await RefusalAsync(lookout, key, new KeyAct.PublishPolicy("another digest"))).ShouldBe("SpecChanged");
    }

    [Fact]
    public async Task A_key_that_a_store_uses_or_that_nobody_can_ask_about_is_not_released()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        await lookout.ApplyStoreAsync();
        var deleting = key with { Metadata = key.Metadata with { DeletionTimestamp = DateTimeOffset.UtcNow } };
        (await RefusalAsync(lookout, deleting, new KeyAct.Release(key.Metadata.Uid!))).ShouldBe("KeyInUse");
    }

    [Fact]
    public async Task A_record_stands_while_the_object_does_or_a_store_s_record_names_the_key()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var key = await lookout.ApplyKeyAsync();
        (await RefusalAsync(lookout, key, new KeyAct.EndRecord(key.Metadata.Uid!))).ShouldBe("KeyInUse");

        await executors.StoreRecords.PutAsync(await lookout.ApplyStoreAsync(), mark: null, "", CancellationToken.None);
        await lookout.Kube.Api<TenantEncryptionKey>().DeleteAsync(key.Metadata.Key, null, CancellationToken.None);
        (await RefusalAsync(lookout, key, new KeyAct.EndRecord(key.Metadata.Uid!)))
            .ShouldBe("KeyInUse", "data may stand under it");

        await lookout.SpoilRecordsAsync("nonsense");
        (await RefusalAsync(lookout, key, new KeyAct.EndRecord(key.Metadata.Uid!)))
            .ShouldBe("KeyInUse", "nobody knows that what can't be read is over");
    }

    private static Task<string> RefusalAsync(Lookout lookout, TenantEncryptionKey key, KeyAct act) =>
        Executors.RefusalAsync(() => new Executors(lookout).Keys.PerformAsync(key, null!, act, CancellationToken.None));
}
