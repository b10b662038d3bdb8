using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Tests.Hosting;
using Cloud.Keys;
using Kube.Core;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>The executor that takes an earlier object's imported keys back,
/// and what keeps those keys from being made twice or ended.</summary>
public sealed class KeyAdoptionTests
{
    private const string Lost = "9d4b3c1e-8a44-4d0e-8a8b-2f60a1c5e001";

    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly ImportedKey standing = new(new KeyRef(Lookout.Region, Lookout.Arn) { IsOurs = true },
        ImportedKeyState.Enabled, "m1", new MaterialExpiry.Never(), DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task With_consent_the_record_goes_on_under_the_new_uid_with_canary_and_fingerprint()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await RestoredAsync(lookout, Lost, withRecord: true);
        Stands(lookout, Lost);

        await AdoptAsync(lookout, key);

        var record = (await new KeyRecords(lookout.Around).ReadAsync(key, None)).Trusted.ShouldNotBeNull();
        (record.Origin, record.Materials.Single().Fingerprint,
            record.In(Lookout.Region).Canary!.KeyId).ShouldBe((Lost, "f1", Lookout.Arn));
        await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(key).Trusted is not null);
        lookout.Around.Cluster.TakeoverOf(key).ShouldBeNull();
        lookout.Around.Cluster.Named(key).Identity.ShouldBe(Lost, "its alias leads to the key");
        var left = Left(lookout).ShouldNotBeNull();
        (lookout.Around.Cluster.Inventory.IsSuperseded(left),
            lookout.Around.Cluster.Inventory.IsNeeded(left)).ShouldBe((true, false));
    }

    [Fact]
    public async Task Without_a_record_the_key_is_taken_back_by_its_tags()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await RestoredAsync(lookout, Lost, withRecord: false);
        Stands(lookout, Lost);
        await AdoptAsync(lookout, key);
        var record = (await new KeyRecords(lookout.Around).ReadAsync(key, None)).Trusted.ShouldNotBeNull();
        (record.Origin, record.Materials.Count, record.Spec!.Imported!.Aws!.Regions.Count).ShouldBe((Lost, 0, 1));
    }

    [Theory]
    [InlineData(null, Lost, "AdoptionNeeded")]
    [InlineData("other", Lost, "AdoptionNeeded")]
    [InlineData(Lost, "other", "NothingToAdopt")]
    [InlineData(Lost, null, "NothingToAdopt")]
    public async Task Without_consent_or_a_key_of_these_names_nothing_is_taken(
        string? consent, string? stands, string reason)
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await RestoredAsync(lookout, consent, withRecord: true);
        Stands(lookout, stands);
        (await Executors.RefusalAsync(() => AdoptAsync(lookout, key))).ShouldBe(reason);
        (await new KeyRecords(lookout.Around).ReadAsync(key, None)).ShouldBeOfType<Recorded<KeyRecord>.Absent>();
    }

    [Fact]
    public async Task No_key_is_made_beside_one_of_the_same_names_that_nobody_recorded()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await RestoredAsync(lookout, consent: null, withRecord: false);
        Stands(lookout, Lost);
        var refused = await Should.ThrowAsync<RefusedActException>(
            () =>
                new Executors(lookout).Imports.PerformAsync(key,
                    new KeyAct.CreateKey(Lookout.Region, TimeProvider.System.GetUtcNow()), None));
        (refused.Reason, refused.NeedsPerson).ShouldBe(("AdoptionNeeded", true));
        refused.Message.ShouldContain(
            $"{{namespace: {Lookout.Namespace}, key: key, uid: {Lost}}} to spec.adopt of Tenant {Lookout.Namespace}");
        await lookout.Around.Cloud.Imported.DidNotReceiveWithAnyArgs().CreateAsync(default!, default!, default);
    }

    [Fact]
    public async Task What_another_object_of_its_name_may_take_back_is_not_destroyed()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await RestoredAsync(lookout, consent: null, withRecord: true);
        var left = Left(lookout).ShouldNotBeNull();
        lookout.Around.Cluster.Inventory.IsNeeded(left).ShouldBeTrue("it waits for the platform's word");
        (await Executors.RefusalAsync(() =>
            new Executors(lookout).Imports.PerformAsync(left, new KeyAct.DestroyKey(Lookout.Region, Lookout.Arn),
                None))).ShouldBe("KeyInUse");
        (await Executors.RefusalAsync(() =>
            new Executors(lookout).Imports.PerformAsync(key, new KeyAct.DestroyKey(Lookout.Region, Lookout.Arn), None)))
            .ShouldBe("KeyInUse", "it is not this one's yet");
        await lookout.Around.Cloud.Imported.DidNotReceiveWithAnyArgs().DeleteMaterialAsync(default!, default!, default);

        await lookout.Kube.Api<TenantEncryptionKey>().DeleteAsync(key.Metadata.Key, null, None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.Keys.Count == 0);
        lookout.Around.Cluster.Inventory.IsNeeded(left).ShouldBeFalse();
    }

    [Fact]
    public async Task A_tenant_that_revokes_revokes_what_an_earlier_key_of_that_name_guards()
    {
        await using var lookout = await Lookout.StartAsync();
        await RestoredAsync(lookout, consent: null, withRecord: true);
        Left(lookout)!.Spec.State.ShouldNotBe(KeyStates.Revoked);
        await ApplyAsync(lookout, KeyStates.Revoked);
        await Lookout.UntilAsync(() =>
            Left(lookout) is { Spec: { State: KeyStates.Revoked, Revocation.Confirm: KeyRules.Confirmation } });
    }

    private static TenantEncryptionKey? Left(Lookout lookout) =>
        lookout.Around.Cluster.Inventory
            .KeyAt(
                lookout.Around.Cluster.Records.AddressOf<KeyRecord>(new RecordOwner(Lookout.Namespace, "key", Lost)));

    private static async Task<TenantEncryptionKey> RestoredAsync(Lookout lookout, string? consent, bool withRecord)
    {
        var key = await ApplyAsync(lookout, KeyStates.Active);
        if (withRecord)
        {
            var owner = new RecordOwner(Lookout.Namespace, "key", Lost);
            var canary = new KeyRecordCanary(Lookout.Arn, "m1", "AQID",
                new Dictionary<string, string> { ["byok.dev/tenant"] = Lookout.Namespace });
            await new RecordWriter(lookout.Around).EditAsync<KeyRecord>(
                owner,
                record =>
                    (record with { Tenant = Lookout.Namespace, Spec = key.Spec, Materials = ImportWorlds.Bound("f1") })
                        .With(Lookout.Region, region => region with { Canary = canary }), None);
            await Lookout.UntilAsync(() => lookout.Around.Cluster.LeftBy(key).Any());
        }

        var spec = Quickstart.Stage.Anything(Lookout.Namespace) with
        {
            Adopt = consent is null ? [] : [new() { Namespace = Lookout.Namespace, Key = "key", Uid = consent }],
        };
        await lookout.Kube.Api<ByokOperator.Api.Tenant>()
            .ApplyAsync(new() { Metadata = new ObjectMeta { Name = Lookout.Namespace }, Spec = spec }, "test", None);
        await Lookout.UntilAsync(() =>
            lookout.Around.Cluster.Tenants.Authority.TenantOf(Lookout.Namespace)?.Spec.Adopt.Count == spec.Adopt.Count);
        return key;
    }

    private static async Task<TenantEncryptionKey> ApplyAsync(Lookout lookout, string state)
    {
        var key = await lookout.Kube.Api<TenantEncryptionKey>().ApplyAsync(
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
            "test", None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.Keys.Find(key.Metadata.Key) is not null);
        return key;
    }

    private static void Stands(Lookout lookout, string? uid) =>
        lookout.Around.Cloud.Imported.FindEarlierAsync(default!, default)
            .ReturnsForAnyArgs(uid is null ? [] : [new EarlierKey(standing, uid)]);

    private static Task AdoptAsync(Lookout lookout, TenantEncryptionKey key) =>
        new Executors(lookout).Imports.PerformAsync(key, new KeyAct.Adopt(key.Metadata.Uid!, Lost), None);
}
