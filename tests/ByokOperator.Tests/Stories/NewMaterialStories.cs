using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.S3.Model;
using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>A tenant who rotates the secret that it brought, under the same KMS key,
/// with the whole operator running.</summary>
public sealed class NewMaterialStories
{
    private readonly byte[] first = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] second = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public async Task A_secret_is_rotated_in_place_while_its_store_is_read_all_the_time()
    {
        await using var tenant = await OpenAsync();
        var (bucket, before) = ((await tenant.StoreAsync()).Status!.Location!.Bucket, await tenant.KeyAsync());
        using var stop = new CancellationTokenSource();
        var reading = ReadAsync(tenant, bucket, stop.Token);

        await RaiseAsync(tenant, 2);
        await tenant.UntilKeyAsync(key =>
            ReasonOf(key, "GenerationFollowed") == "NewMaterialAwaited" && Tenant.ReasonOf(key) == "Ready");
        await tenant.UploadAsync(second);
        var rotated = await tenant.UntilKeyAsync(key => key.Status!.Generation == 2 && Is(key, "GenerationFollowed"));
        await tenant.UntilReadyAsync();
        await stop.CancelAsync();

        (await reading).ShouldBeGreaterThan(0, "no read was refused");
        var shown = rotated.Status!.Keys!.ShouldHaveSingleItem();
        (shown.Id, shown.MaterialId).ShouldBe((before.Status!.Keys![0].Id, before.Status.Keys[0].MaterialId),
            "the same key");
        shown.Materials!.Select(one => (one.Generation, one.State)).ShouldBe([(1, "Earlier"), (2, "Current")]);
        (tenant.Cloud.KeyMaterialId(shown.Id),
            tenant.Cloud.Count("kms", "RotateKeyOnDemand")).ShouldBe((shown.Materials![1].Id, 1));
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
        await tenant.Writer.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "acme/new.txt", ContentBody = "two" });
        (await tenant.ReadAsync(bucket, "acme/new.txt")).ShouldBe("two");
        await NothingTellsAsync(tenant);
    }

    [Fact]
    public async Task A_revocation_takes_both_secrets_and_both_open_again_in_the_wrong_order()
    {
        await using var tenant = await OpenAsync();
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        var arn = (await RotatedAsync(tenant)).Status!.Keys![0].Id;

        await PatchAsync(tenant,
            new JsonObject
            {
                ["state"] = KeyStates.Revoked,
                ["revocation"] = new JsonObject { ["confirm"] = KeyRules.Confirmation },
            });
        await tenant.UntilClosedAsync();
        await tenant.UntilKeyAsync(key => key.Status!.MissingGenerations is [1, 2]);
        tenant.Cloud.KeyState(arn).ShouldBe("PendingImport");

        await PatchAsync(tenant, new JsonObject { ["state"] = KeyStates.Active });
        // what stands in the Secret is the second
        await tenant.UntilKeyAsync(key => key.Status!.MissingGenerations is [1]);
        var stuck = await tenant.UntilKeyAsync(key => Tenant.ReasonOf(key) == "MaterialMissing");
        var fingerprint = stuck.Status!.Keys![0].Materials![0].Fingerprint!;
        Conditions.Find(stuck.Status.Conditions, "Stalled")!.Message
            .ShouldContain($"generation 1 (fingerprint {fingerprint[..16]})");
        (await tenant.StoreAsync()).Status!.Availability.ShouldBe("Closed", "one of two is none");

        await tenant.UploadAsync(first);
        await tenant.UntilReadyAsync();
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
        (await tenant.UntilKeyAsync(key => key.Status!.Verdict == "Usable")).Status!.MissingGenerations.ShouldBeNull();
    }

    [Fact]
    public async Task An_operator_that_ends_between_import_and_rotation_goes_on_without_the_upload_and_in_every_region()
    {
        await using var tenant = await OpenAsync(Quickstart.Stage.Region, "eu-central-1");
        var held = tenant.Cloud.AddFault(
            new FaultRule(new FaultEffect.Fail(503)) { Service = "kms", Operation = "RotateKeyOnDemand" });
        await RaiseAsync(tenant, 2);
        await tenant.UploadAsync(second);
        await tenant.UntilKeyAsync(key => key.Status!.Keys!.All(one => one.Materials is [.., { State: "Pending" }]));

        await tenant.Stage.StopOperatorAsync();
        await tenant.Stage.Kube.Api<Secret>()
            .DeleteAsync(new ObjectKey(Tenant.Namespace, "key-import"), null, CancellationToken.None);
        tenant.Cloud.RemoveFault(held);
        tenant.Stage.RestartOperator();

        var rotated = await tenant.UntilKeyAsync(key => key.Status!.Generation == 2 && Is(key, "GenerationFollowed"));
        rotated.Status!.Keys!.Count.ShouldBe(2);
        rotated.Status.Keys.ShouldAllBe(one => one.Materials!.Count == 2 && one.Materials[1].State == "Current");
        await tenant.UntilReadyAsync();
    }

    [Fact]
    public async Task Without_the_raise_another_secret_changes_nothing_and_with_it_an_old_one_is_refused()
    {
        await using var tenant = await OpenAsync();
        var arn = (await RotatedAsync(tenant)).Status!.Keys![0].Id;
        await tenant.UploadAsync(RandomNumberGenerator.GetBytes(32));
        await PatchAsync(tenant, new JsonObject { ["imported"] = new JsonObject { ["allowLegacyWrapping"] = true } });
        await tenant.UntilKeyAsync(key =>
            key.Status!.ObservedGeneration == key.Metadata.Generation && Tenant.ReasonOf(key) == "Ready");
        tenant.Cloud.Count("kms", "RotateKeyOnDemand").ShouldBe(1);

        await tenant.UploadAsync(first);
        await RaiseAsync(tenant, 3);
        await tenant.UntilKeyAsync(key => Tenant.ReasonOf(key) == "MaterialKnown");
        (tenant.Cloud.KeyState(arn), (await tenant.StoreAsync()).Status!.Availability).ShouldBe(("Enabled", "Open"));
        await tenant.UploadAsync(RandomNumberGenerator.GetBytes(32));
        await tenant.UntilKeyAsync(key => key.Status!.Generation == 3 && Tenant.ReasonOf(key) == "Ready");
    }

    private async Task<Tenant> OpenAsync(params string[] regions)
    {
        var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.UploadAsync(first);
        await tenant.ApplyImportedKeyAsync(KeyStates.Active, "", regions);
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();
        return tenant;
    }

    private async Task<TenantEncryptionKey> RotatedAsync(Tenant tenant)
    {
        await RaiseAsync(tenant, 2);
        await tenant.UploadAsync(second);
        return await tenant.UntilKeyAsync(key => key.Status!.Generation == 2 && Is(key, "GenerationFollowed"));
    }

    private static Task<TenantEncryptionKey> RaiseAsync(Tenant tenant, int generation) =>
        PatchAsync(tenant, new JsonObject { ["imported"] = new JsonObject { ["generation"] = generation } });

    private static Task<TenantEncryptionKey> PatchAsync(Tenant tenant, JsonObject spec) =>
        tenant.Stage.Kube.Api<TenantEncryptionKey>().PatchMergeAsync(
            new ObjectKey(Tenant.Namespace, "key"), new JsonObject { ["spec"] = spec }, CancellationToken.None);

    private static string? ReasonOf(TenantEncryptionKey key, string condition) =>
        Conditions.Find(key.Status!.Conditions, condition)?.Reason;

    private static bool Is(TenantEncryptionKey key, string condition) =>
        Conditions.Find(key.Status!.Conditions, condition)?.Status == "True";

    /// <returns>How often it was read; whatever is refused ends it.</returns>
    private static async Task<int> ReadAsync(Tenant tenant, string bucket, CancellationToken stop)
    {
        var reads = 0;
        for (; !stop.IsCancellationRequested; reads++)
        {
            (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
        }

        return reads;
    }

    /// <summary>No object of the cluster, Events among them, tells either secret.</summary>
    private async Task NothingTellsAsync(Tenant tenant)
    {
        var key = JsonSerializer.Serialize(await tenant.KeyAsync(), TenantEncryptionKey.Json);
        var maps = (await tenant.Stage.Kube.Api<ConfigMap>()
            .ListPageAsync(new Selection(null), null, CancellationToken.None)).Items
                .SelectMany(map => map.Data?.Values ?? []);
        var events = (await tenant.Stage.Kube.Api<KubeEvent>()
            .ListPageAsync(new Selection(null), null, CancellationToken.None)).Items.Select(one => one.Note ?? "");
        var forms = new[]
        {
            first,
            second,
        }.SelectMany(secret =>
            (string[])[Convert.ToBase64String(secret), Convert.ToHexStringLower(secret),
                Convert.ToBase64String(SHA256.HashData(secret))]);
        var told = string.Join('\n', [key, .. maps, .. events]);
        forms.Where(form => told.Contains(form, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }
}
