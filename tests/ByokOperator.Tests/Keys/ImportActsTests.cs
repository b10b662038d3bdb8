using System.Security.Cryptography;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Tests.Hosting;
using Cloud.Keys;
using Kube.Core;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>What is refused at the last moment, before the cloud is asked for anything.</summary>
public sealed class ImportActsTests
{
    [Fact]
    public async Task A_creation_that_begins_long_after_it_was_decided_is_refused()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await ApplyAsync(lookout, KeyStates.Active);

        (await RefusedAsync(lookout, key, TimeSpan.FromMinutes(2))).ShouldBe("DecisionTooOld");
    }

    [Fact]
    public async Task No_key_is_made_for_an_object_that_is_gone_or_does_not_want_one_any_more()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await ApplyAsync(lookout, KeyStates.Active);
        await ApplyAsync(lookout, KeyStates.Revoked);

        (await RefusedAsync(lookout, key, TimeSpan.Zero)).ShouldBe("SpecChanged");
        (await RefusedAsync(lookout, key with { Metadata = key.Metadata with { Uid = "another" } }, TimeSpan.Zero))
            .ShouldBe("KeyNotFound");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_note_of_a_creation_stands_until_the_name_of_what_was_made_can_be_seen(bool isSeen)
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await ApplyAsync(lookout, KeyStates.Active);
        var made = new ImportedKey(new KeyRef(Lookout.Region, Lookout.Arn) { IsOurs = true },
            ImportedKeyState.PendingImport, null, null, DateTimeOffset.UtcNow);
        lookout.Around.Cloud.Imported.CreateAsync(default!, default!, default).ReturnsForAnyArgs(made);
        lookout.Around.Cloud.Imported.NameAsync(default!, default!, default)
            .ReturnsForAnyArgs(new NamingOutcome.Named());
        lookout.Around.Cloud.Imported.FindAsync(default!, default).ReturnsForAnyArgs(isSeen ? made : null);
        var records = new KeyRecords(lookout.Around);
        var create = new KeyAct.CreateKey(Lookout.Region, TimeProvider.System.GetUtcNow());

        await new ImportActs(lookout.Around, records, new KeyLiveReads(lookout.Around),
            uploads: null!).PerformAsync(key, create, CancellationToken.None);

        DateTimeOffset? note = isSeen ? null : create.Since;
        (await records.ReadAsync(key, CancellationToken.None)).Trusted!.In(Lookout.Region).CreatingSince
            .ShouldBe(note, "else a deletion finds neither name nor note");
    }

    private static async Task<string> RefusedAsync(Lookout lookout, TenantEncryptionKey key, TimeSpan age)
    {
        var acts = new ImportActs(lookout.Around, new KeyRecords(lookout.Around), new KeyLiveReads(lookout.Around),
            uploads: null!);
        var create = new KeyAct.CreateKey(Lookout.Region, TimeProvider.System.GetUtcNow() - age);
        var refused =
            await Should.ThrowAsync<RefusedActException>(() => acts.PerformAsync(key, create, CancellationToken.None));
        await lookout.Around.Cloud.Imported.DidNotReceiveWithAnyArgs().CreateAsync(default!, default!, default);
        return refused.Reason;
    }

    private static Task<TenantEncryptionKey> ApplyAsync(Lookout lookout, string state) =>
        lookout.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = "key", Namespace = Lookout.Namespace },
                Spec = new()
                {
                    State = state,
                    Revocation = new KeyRevocation { Confirm = state == KeyStates.Revoked ? "revoke" : "" },
                    Imported = new ImportedSource { Aws = new AwsImport { Regions = [Lookout.Region] } },
                },
            },
            "test", CancellationToken.None);

    [Fact]
    public async Task A_new_import_that_comes_late_puts_no_earlier_generation_over_a_later_one()
    {
        await using var world = await ImportedOnLocalCloud.StartAsync();
        await world.ImportAsync(Lookout.Region, await world.HandOverAsync(RandomNumberGenerator.GetBytes(32)));
        await world.AskAsync(generation: 3);
        var second = await world.HandOverAsync(RandomNumberGenerator.GetBytes(32));
        var late = await world.NewAsync(Lookout.Region, second, 2);
        await world.Records.BindMaterialAsync(world.Key, 2, second, CancellationToken.None);
        await world.Records.BindMaterialAsync(world.Key, 3, "f3", CancellationToken.None);

        (await world.RefusalAsync(late)).ShouldBe("SpecChanged");
        (await world.HeldAsync()).Count.ShouldBe(1);
    }
}
