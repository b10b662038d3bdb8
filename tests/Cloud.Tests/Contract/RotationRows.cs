using System.Security.Cryptography;
using Amazon.KeyManagementService.Model;
using Cloud.Keys;
using Shouldly;

namespace Cloud.Tests.Contract;

/// <summary>New material under the same key: seen, made current, needed from then on like the first.</summary>
internal static class RotationRows
{
    /// <summary>KMS's own.</summary>
    private const int MostRotations = 25;

    private static readonly CancellationToken None = CancellationToken.None;

    public static readonly IReadOnlyList<ContractRow> All =
    [
        new("Each proof tells the current material of the tenant's own key, and its canary outlives a rotation",
            async world =>
            {
                var key = await world.KeyAsync();
                var first = await world.ProveAsync(key);
                (first.Version,
                    (await world.ProveAsync(key, first.Canary)).Version).ShouldBe(
                        (first.Canary!.MaterialId, first.Version));
                first.Version.ShouldNotBeNullOrEmpty();
                await world.Tenant.RotateKeyOnDemandAsync(new RotateKeyOnDemandRequest { KeyId = key.Id });
                var second = await world.ProveAsync(key, first.Canary);
                second.Verdict.ShouldBe(KeyVerdict.Usable, second.Message);
                (second.Version,
                    second.Canary).ShouldBe(
                        ((await world.Cloud.Keys.DescribeAsync(key, None)).MaterialId, first.Canary));
                second.Version.ShouldNotBe(first.Version);
            }),
        new("New material is pending beside the first, and current once rotated to", async world =>
        {
            var (first, second) = (Material(), Material());
            var key = await world.ImportedKeyAsync(ContractWorld.Owner(), first);
            var canary = (await world.ProveAsync(key.Key)).Canary;
            (await ListAsync(world, key.Key)).ShouldBe([(MaterialUse.Current, true)]);
            (await RotateAsync(world, key.Key)).ShouldBe(RotationOutcome.NothingPending);
            (await ImportNewAsync(world, key.Key, first))
                .ShouldBeOfType<ImportOutcome.IncorrectMaterial>("the key has it");
            var id = (await ImportNewAsync(world, key.Key, second)).ShouldBeOfType<ImportOutcome.Imported>().MaterialId;
            (await ListAsync(world, key.Key))
                .ShouldBe([(MaterialUse.Current, true), (MaterialUse.PendingRotation, true)]);
            (await world.ProveAsync(key.Key, canary)).Version
                .ShouldBe(key.MaterialId, "nothing changes before the rotation");
            (await RotateAsync(world, key.Key)).ShouldBe(RotationOutcome.Rotated);
            (await RotateAsync(world, key.Key)).ShouldBe(RotationOutcome.NothingPending, "an answer may be lost");
            var materials = await world.Cloud.ImportedKeys.MaterialsAsync(ContractWorld.Place, key.Key, None);
            materials.Select(one => (one.Id, one.Use, one.RotatedAt is null))
                .ShouldBe([(key.MaterialId!, MaterialUse.Earlier, true), (id!, MaterialUse.Current, false)]);
            var proof = await world.ProveAsync(key.Key, canary);
            (proof.Verdict, proof.Version).ShouldBe((KeyVerdict.Usable, id), proof.Message);
        }),
        new("Revoked, every material is taken, and the key comes back with all of them in any order", async world =>
        {
            var materials = new[] { Material(), Material(), Material() };
            var key = await RotatedAsync(world, materials);
            var canary = (await world.ProveAsync(key)).Canary;
            await world.Cloud.ImportedKeys.DeleteMaterialAsync(ContractWorld.Place, key, None);
            await world.Cloud.ImportedKeys.DeleteMaterialAsync(ContractWorld.Place, key, None);
            (await ListAsync(world, key)).ShouldAllBe(one => !one.IsImported);
            foreach (var back in (int[])[1, 2, 0])
            {
                (await world.ProveAsync(key, canary)).Reason.ShouldBe("KeyPendingImport");
                (await world.ImportAsync(key, materials[back])).ShouldBeOfType<ImportOutcome.Imported>();
            }

            (await world.ProveAsync(key, canary)).Verdict.ShouldBe(KeyVerdict.Usable);
        }),
        new("A key that lost one material of several is refused new ones, and takes the lost one alone", async world =>
        {
            var materials = new[] { Material(), Material() };
            var key = await RotatedAsync(world, materials);
            await world.Administrator.DeleteImportedKeyMaterialAsync(new DeleteImportedKeyMaterialRequest
            {
                KeyId = key.Id,
                KeyMaterialId = (await world.Cloud.ImportedKeys.MaterialsAsync(ContractWorld.Place, key, None))[0].Id,
            });
            (await ListAsync(world, key)).ShouldBe([(MaterialUse.Earlier, false), (MaterialUse.Current, true)]);
            (await Should.ThrowAsync<CloudException>(() => ImportNewAsync(world, key, Material()))).Problem
                .ShouldBeOfType<CloudProblem.KeyUnusable>();
            (await world.ImportAsync(key, Material())).ShouldBeOfType<ImportOutcome.IncorrectMaterial>();
            (await world.ImportAsync(key, materials[0])).ShouldBeOfType<ImportOutcome.Imported>();
            (await world.ProveAsync(key)).Verdict.ShouldBe(KeyVerdict.Usable);
        }),
        new("The earliest expiry of all materials is the key's", async world =>
        {
            var owner = ContractWorld.Owner();
            var key = (await world.ImportedKeyAsync(owner, Material())).Key;
            var end = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.AddDays(30).ToUnixTimeSeconds());
            await world.Cloud.ImportedKeys.ImportNewAsync(ContractWorld.Place, key, Material(),
                new MaterialExpiry.At(end), None);
            await RotateAsync(world, key);
            (await world.Cloud.ImportedKeys.FindAsync(new(owner, ContractWorld.Region), None))!.Expiry
                .ShouldBe(new MaterialExpiry.At(end));
            (await world.Cloud.ImportedKeys.MaterialsAsync(ContractWorld.Place, key, None)).Select(one => one.Expiry)
                .ShouldBe([new MaterialExpiry.Never(), new MaterialExpiry.At(end)]);
        }),
        new("A key is rotated twenty-five times and no more", async world =>
        {
            var key = await RotatedAsync(world, [.. Enumerable.Range(0, MostRotations + 1).Select(_ => Material())]);
            (await ListAsync(world, key)).Count.ShouldBe(MostRotations + 1);
            await ImportNewAsync(world, key, Material());
            (await RotateAsync(world, key)).ShouldBe(RotationOutcome.NoneLeft);
        }),
    ];

    private static byte[] Material() => RandomNumberGenerator.GetBytes(32);

    private static async Task<KeyRef> RotatedAsync(ContractWorld world, byte[][] materials)
    {
        var key = (await world.ImportedKeyAsync(ContractWorld.Owner(), materials[0])).Key;
        foreach (var next in materials.Skip(1))
        {
            (await ImportNewAsync(world, key, next)).ShouldBeOfType<ImportOutcome.Imported>();
            (await RotateAsync(world, key)).ShouldBe(RotationOutcome.Rotated);
        }

        return key;
    }

    private static Task<ImportOutcome> ImportNewAsync(ContractWorld world, KeyRef key, byte[] material) =>
        world.Cloud.ImportedKeys.ImportNewAsync(ContractWorld.Place, key, material, new MaterialExpiry.Never(), None);

    private static Task<RotationOutcome> RotateAsync(ContractWorld world, KeyRef key) =>
        world.Cloud.ImportedKeys.RotateAsync(ContractWorld.Place, key, None);

    private static async Task<List<(MaterialUse Use, bool IsImported)>> ListAsync(ContractWorld world, KeyRef key) =>
        [.. (await world.Cloud.ImportedKeys.MaterialsAsync(ContractWorld.Place, key, None))
            .Select(one => (one.Use, one.IsImported))];
}
