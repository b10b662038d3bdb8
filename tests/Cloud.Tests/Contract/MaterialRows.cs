using System.Security.Cryptography;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Cloud.Keys;
using Shouldly;

namespace Cloud.Tests.Contract;

/// <summary>Imported material: taken, refused, deleted, used.</summary>
internal static class MaterialRows
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly GrantSpec Grant = new("byok-acme", "arn:aws:iam::111111111111:role/byok-workload");

    public static readonly IReadOnlyList<ContractRow> All =
    [
        new("An imported key is used like a tenant's, by its ARN", async world =>
        {
            var key = await world.ImportedKeyAsync(ContractWorld.Owner(), Material());
            (key.State, key.Expiry).ShouldBe((ImportedKeyState.Enabled, new MaterialExpiry.Never()));
            var proof = await world.ProveAsync(key.Key);
            (proof.Verdict, proof.Canary?.MaterialId).ShouldBe((KeyVerdict.Usable, key.MaterialId), proof.Message);
            (await world.Cloud.Keys.DescribeAsync(key.Key, None)).MaterialId.ShouldBe(key.MaterialId);
        }),
        new("An imported key takes grants for the workloads", async world =>
        {
            var key = (await world.ImportedKeyAsync(ContractWorld.Owner(), Material())).Key;
            var made = await world.Cloud.Keys.EnsureGrantAsync(key, Grant, None);
            (await world.Cloud.Keys.EnsureGrantAsync(key, Grant, None)).ShouldBe(made);
            var standing = (await world.Administrator.ListGrantsAsync(new ListGrantsRequest { KeyId = key.Id })).Grants
                .ShouldHaveSingleItem();
            (standing.GrantId, standing.Name,
                standing.RetiringPrincipal).ShouldBe((made, "byok-acme", world.OperatorRole));
            (await world.Cloud.Keys.GranteesAsync(key, "byok-other", None)).ShouldBeEmpty();
            await world.Cloud.ImportedKeys.DeleteMaterialAsync(ContractWorld.Place, key, None);
            (await world.Cloud.Keys.GranteesAsync(key, "byok-acme", None)).Count
                .ShouldBe(1, "grants outlive the material");
            await world.Cloud.Keys.RevokeGrantAsync(key, "byok-acme", [], None);
            await world.Cloud.Keys.RevokeGrantAsync(key, "byok-acme", [made!], None);
            (await world.Cloud.Keys.GranteesAsync(key, "byok-acme", None)).ShouldBeEmpty();
        }),
        new("A grant that is known goes whatever the policy says, and what can't be listed is not called gone",
            async world =>
            {
                var key = (await world.ImportedKeyAsync(ContractWorld.Owner(), Material())).Key;
                var made = await world.Cloud.Keys.EnsureGrantAsync(key, Grant, None);
                await world.Administrator.PutKeyPolicyAsync(new PutKeyPolicyRequest
                {
                    KeyId = key.Id,
                    PolicyName = "default",
                    Policy =
                        """{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/admin"},"Action":["kms:PutKeyPolicy","kms:ListGrants"],"Resource":"*"}]}""",
                    BypassPolicyLockoutSafetyCheck = true,
                });

                await Should.ThrowAsync<CloudException>(() =>
                    world.Cloud.Keys.RevokeGrantAsync(key, "byok-acme", [made!], None));
                await Should.ThrowAsync<CloudException>(() => world.Cloud.Keys.GranteesAsync(key, "byok-acme", None));
                ((await world.Administrator.ListGrantsAsync(new ListGrantsRequest { KeyId = key.Id })).Grants ?? [])
                    .ShouldBeEmpty();
            }),
        new("Deleted material revokes the key, and the same material is the same key", async world =>
        {
            var material = Material();
            var owner = ContractWorld.Owner();
            var key = await world.ImportedKeyAsync(owner, material);
            var canary = (await world.ProveAsync(key.Key)).Canary;
            await world.Cloud.ImportedKeys.DeleteMaterialAsync(ContractWorld.Place, key.Key, None);
            await world.Cloud.ImportedKeys.DeleteMaterialAsync(ContractWorld.Place, key.Key, None);
            (await world.Cloud.ImportedKeys.FindAsync(new(owner, ContractWorld.Region), None))!.State
                .ShouldBe(ImportedKeyState.PendingImport);
            var proof = await world.ProveAsync(key.Key, canary);
            (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Revoked, "KeyPendingImport"));
            (await world.ImportAsync(key.Key, material, materialId: key.MaterialId))
                .ShouldBe(new ImportOutcome.Imported(key.MaterialId));
            (await world.ProveAsync(key.Key, canary)).Verdict.ShouldBe(KeyVerdict.Usable);
        }),
        new("Other material than the first is refused as that, with material and without", async world =>
        {
            var key = await world.ImportedKeyAsync(ContractWorld.Owner(), Material());
            (await world.ImportAsync(key.Key, Material())).ShouldBeOfType<ImportOutcome.IncorrectMaterial>();
            await world.Cloud.ImportedKeys.DeleteMaterialAsync(ContractWorld.Place, key.Key, None);
            (await world.ImportAsync(key.Key, Material())).ShouldBeOfType<ImportOutcome.IncorrectMaterial>();
            (await world.ImportAsync(key.Key, Material(), materialId: key.MaterialId))
                .ShouldBeOfType<ImportOutcome.IncorrectMaterial>();
        }),
        new("An expiry is what was stated, and is stated anew by importing again", async world =>
        {
            var (owner, material) = (ContractWorld.Owner(), Material());
            var end = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.AddDays(30).ToUnixTimeSeconds());
            var key = await world.ImportedKeyAsync(owner, material);
            await world.ImportAsync(key.Key, material, new MaterialExpiry.At(end));
            (await world.Cloud.ImportedKeys.FindAsync(new(owner, ContractWorld.Region), None))!.Expiry
                .ShouldBe(new MaterialExpiry.At(end));
            (await world.Cloud.Keys.DescribeAsync(key.Key, None)).ValidTo.ShouldBe(end);
            await world.ImportAsync(key.Key, material);
            (await world.Cloud.ImportedKeys.FindAsync(new(owner, ContractWorld.Region), None))!.Expiry
                .ShouldBe(new MaterialExpiry.Never());
            var tooFar = new MaterialExpiry.At(end.AddDays(400));
            (await Should.ThrowAsync<CloudException>(() => world.ImportAsync(key.Key, material, tooFar))).Problem
                .ShouldBeOfType<CloudProblem.Refused>();
        }),
        new("What stands in an import's way is named", async world =>
        {
            var material = Material();
            var key = (await world.ImportedKeyAsync(ContractWorld.Owner(), material)).Key;
            await world.Administrator.DisableKeyAsync(new DisableKeyRequest { KeyId = key.Id });
            (await world.ImportAsync(key, material)).ShouldBeOfType<ImportOutcome.KeyDisabled>();
            await world.Cloud.ImportedKeys.ScheduleDeletionAsync(ContractWorld.Place, key, TimeSpan.FromDays(7), None);
            (await world.ImportAsync(key, material)).ShouldBeOfType<ImportOutcome.KeyPendingDeletion>();
            (await world.ImportAsync(key with { Id = key.Id[..^12] + "000000000000" }, material))
                .ShouldBeOfType<ImportOutcome.KeyMissing>();
        }),
        new("The same material in two regions is two keys, each with its own fate", async world =>
        {
            var (owner, material) = (ContractWorld.Owner(), Material());
            var here = await world.ImportedKeyAsync(owner, material);
            var there = await world.Cloud.ImportedKeys.CreateAsync(new(owner, "eu-west-1"), DataPrincipal.Nobody, None);
            await world.Cloud.ImportedKeys.NameAsync(new(owner, ContractWorld.Region), there.Key, None);
            (await world.ImportAsync(there.Key, material)).ShouldBeOfType<ImportOutcome.Imported>().MaterialId
                .ShouldNotBe(here.MaterialId);
            await world.Cloud.ImportedKeys.DeleteMaterialAsync(ContractWorld.Place, here.Key, None);
            (await world.Cloud.ImportedKeys.FindAsync(new(owner, "eu-west-1"), None))!.State
                .ShouldBe(ImportedKeyState.Enabled);
        }),
        new("The account's administrators keep the key but neither use nor replace its material", async world =>
        {
            var key = (await world.ImportedKeyAsync(ContractWorld.Owner(), Material())).Key;
            await Denied(() =>
                world.Administrator.GenerateDataKeyAsync(
                    new GenerateDataKeyRequest { KeyId = key.Id, KeySpec = DataKeySpec.AES_256 }));
            await Denied(() => world.Administrator.CreateGrantAsync(new CreateGrantRequest
            {
                KeyId = key.Id, GranteePrincipal = "arn:aws:iam::111111111111:role/admin", Operations = ["Decrypt"],
            }));
            await Denied(() => world.Administrator.GetParametersForImportAsync(new GetParametersForImportRequest
            {
                KeyId = key.Id, WrappingAlgorithm = AlgorithmSpec.RSAES_OAEP_SHA_256,
                WrappingKeySpec = WrappingKeySpec.RSA_4096,
            }));
            await world.Administrator.GetKeyPolicyAsync(
                new GetKeyPolicyRequest { KeyId = key.Id, PolicyName = "default" });
            await world.Administrator.DisableKeyAsync(new DisableKeyRequest { KeyId = key.Id });
        }),
        new("A store under an imported key closes with its material and opens with it", async world =>
        {
            var material = Material();
            var key = await world.ImportedKeyAsync(ContractWorld.Owner(), material);
            var spec = ContractWorld.Spec(key.Key);
            await world.Cloud.Stores.PrepareAsync(spec, None);
            await Should.ThrowAsync<Amazon.S3.AmazonS3Exception>(() => world.PutAsync(spec.Store, "a", "x"),
                "workloads come by a grant");
            await world.Cloud.Keys.EnsureGrantAsync(key.Key, Grant, None);
            await world.PutAsync(spec.Store, "a", "x");
            await world.Cloud.ImportedKeys.DeleteMaterialAsync(ContractWorld.Place, key.Key, None);
            await Should.ThrowAsync<Amazon.S3.AmazonS3Exception>(() =>
                world.Workload.GetObjectAsync(spec.Store.Name, "a"));
            await world.ImportAsync(key.Key, material);
            using var back = await world.Workload.GetObjectAsync(spec.Store.Name, "a");
            back.ContentLength.ShouldBe(1);
            await world.Cloud.Keys.RevokeGrantAsync(key.Key, Grant.Name, [], None);
            await Should.ThrowAsync<Amazon.S3.AmazonS3Exception>(() =>
                world.Workload.GetObjectAsync(spec.Store.Name, "a"));
        }),
    ];

    private static byte[] Material() => RandomNumberGenerator.GetBytes(32);

    private static async Task Denied(Func<Task> call) =>
        (await Should.ThrowAsync<AmazonKeyManagementServiceException>(call)).ErrorCode
            .ShouldBe("AccessDeniedException");
}
