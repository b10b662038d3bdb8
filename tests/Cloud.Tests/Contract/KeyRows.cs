using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Cloud.Keys;
using Shouldly;

namespace Cloud.Tests.Contract;

internal static class KeyRows
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static readonly IReadOnlyList<ContractRow> All =
    [
        new("The required policy is all that a proof needs", async world =>
        {
            var proof = await world.ProveAsync(await world.KeyAsync());
            proof.Verdict.ShouldBe(KeyVerdict.Usable, proof.Message);
            proof.Canary.ShouldNotBeNull();
            proof.Evidence.ShouldAllBe(call => call.RequestId != null);
        }),
        new("A stored canary proves the same key again", async world =>
        {
            var key = await world.KeyAsync();
            var first = await world.ProveAsync(key);
            (await world.ProveAsync(key, first.Canary)).Verdict.ShouldBe(KeyVerdict.Usable);
        }),
        new("A disabled key is revoked, and usable again once enabled", async world =>
        {
            var key = await world.KeyAsync();
            var canary = (await world.ProveAsync(key)).Canary;
            await world.Tenant.DisableKeyAsync(new DisableKeyRequest { KeyId = key.Id });
            await ShouldBe(world, key, canary, KeyVerdict.Revoked, "KeyDisabled");
            await world.Tenant.EnableKeyAsync(new EnableKeyRequest { KeyId = key.Id });
            await ShouldBe(world, key, canary, KeyVerdict.Usable, "Proved");
        }),
        new("A key scheduled for deletion is revoked", async world =>
        {
            var key = await world.KeyAsync();
            await world.Tenant.ScheduleKeyDeletionAsync(
                new ScheduleKeyDeletionRequest { KeyId = key.Id, PendingWindowInDays = 7 });
            (await world.ProveAsync(key)).Verdict.ShouldBe(KeyVerdict.Revoked);
        }),
        new("A key that does not exist is not found", async world =>
        {
            var key = await world.KeyAsync();
            var missing = key with { Id = key.Id[..^12] + "000000000000" };
            await ShouldBe(world, missing, null, KeyVerdict.Revoked, "KeyNotFound");
            (await Should.ThrowAsync<CloudException>(() => world.Cloud.Keys.DescribeAsync(missing, None))).Problem
                .ShouldBeOfType<CloudProblem.NotFound>();
        }),
        new("A policy without us is a denial with the actions named", async world =>
        {
            var made = await world.Tenant.CreateKeyAsync(new CreateKeyRequest());
            var proof = await world.ProveAsync(new KeyRef(ContractWorld.Region, made.KeyMetadata.Arn));
            (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Revoked, "AccessDenied"));
            proof.MissingActions.ShouldBe(
                ["kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"], ignoreOrder: true);
        }),
        new("A canary under another context is not ours", async world =>
        {
            var key = await world.KeyAsync();
            var canary = (await world.ProveAsync(key)).Canary!;
            var other =
                canary with { Context = new Dictionary<string, string>(world.Context) { ["byok.dev/key"] = "other" } };
            await ShouldBe(world, key, other, KeyVerdict.Revoked, "KeyReplaced");
        }),
        new("A canary of another key is not this key's", async world =>
        {
            var canary = (await world.ProveAsync(await world.KeyAsync())).Canary;
            await ShouldBe(world, await world.KeyAsync(), canary, KeyVerdict.Revoked, "KeyReplaced");
        }),
        new("A key with rotated material is the same key", async world =>
        {
            var key = await world.KeyAsync();
            var canary = (await world.ProveAsync(key)).Canary;
            await world.Tenant.RotateKeyOnDemandAsync(new RotateKeyOnDemandRequest { KeyId = key.Id });
            await ShouldBe(world, key, canary, KeyVerdict.Usable, "Proved");
        }),
        new("A tenant's own key takes no grants of ours", async world =>
        {
            var key = await world.KeyAsync();
            var grant = new GrantSpec("byok-acme", "arn:aws:iam::111111111111:role/byok-workload");
            (await Should.ThrowAsync<CloudException>(() =>
                world.Cloud.Keys.EnsureGrantAsync(key, grant, None))).Problem.Code.ShouldBe("TenantsKey");
            ((await world.Tenant.ListGrantsAsync(new ListGrantsRequest { KeyId = key.Id })).Grants ?? [])
                .ShouldBeEmpty();
        }),
    ];

    private static async Task ShouldBe(
        ContractWorld world, KeyRef key, Canary? canary, KeyVerdict verdict, string reason)
    {
        var proof = await world.ProveAsync(key, canary);
        (proof.Verdict, proof.Reason).ShouldBe((verdict, reason), proof.Message);
    }
}
