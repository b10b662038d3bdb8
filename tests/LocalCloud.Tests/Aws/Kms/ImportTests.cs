using System.Security.Cryptography;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Aws.Kms;

/// <summary>What ImportKeyMaterial takes and refuses.</summary>
public sealed class ImportTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    private readonly ImportBench bench = new(cloud.OperatorKms);

    [Theory]
    [InlineData("RSA_2048", "RSAES_OAEP_SHA_256", 2048)]
    [InlineData("RSA_3072", "RSAES_OAEP_SHA_1", 3072)]
    [InlineData("RSA_4096", "RSAES_OAEP_SHA_256", 4096)]
    public async Task Material_wrapped_as_asked_enables_the_key(string spec, string algorithm, int bits)
    {
        var key = await bench.KeyAsync();
        var parameters = await bench.ParametersAsync(key, spec, algorithm);
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(parameters.PublicKey.ToArray(), out _);
        rsa.KeySize.ShouldBe(bits);
        parameters.KeyId.ShouldBe(key);
        parameters.ParametersValidTo!.Value.ToUniversalTime()
            .ShouldBe(DateTime.UtcNow.AddHours(24), TimeSpan.FromMinutes(5));

        var padding = algorithm == "RSAES_OAEP_SHA_1" ? RSAEncryptionPadding.OaepSHA1 : RSAEncryptionPadding.OaepSHA256;
        var imported = await bench.HandOverAsync(key, parameters, ImportBench.Material(), padding: padding);
        var seen = await bench.LookAsync(key);
        (seen.KeyState, seen.CurrentKeyMaterialId, seen.ExpirationModel, seen.ValidTo)
            .ShouldBe(
                (KeyState.Enabled, imported.KeyMaterialId, ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE, null));
        (await bench.OpenAsync(await bench.EncryptAsync(key))).KeyMaterialId.ShouldBe(imported.KeyMaterialId);
    }

    [Fact]
    public async Task The_same_bytes_have_another_id_in_another_key()
    {
        var material = ImportBench.Material();
        var first = await bench.LookAsync(await bench.ImportedKeyAsync(material));
        var second = await bench.LookAsync(await bench.ImportedKeyAsync(material));
        first.CurrentKeyMaterialId.ShouldNotBe(second.CurrentKeyMaterialId);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    public async Task Only_32_bytes_are_material(int length)
    {
        var key = await bench.KeyAsync();
        await Expect.Problem(400, "IncorrectKeyMaterialException", () => bench.ImportAsync(key, new byte[length]));
        (await bench.LookAsync(key)).KeyState.ShouldBe(KeyState.PendingImport);
    }

    [Fact]
    public async Task A_key_takes_only_the_material_it_had_first()
    {
        var material = ImportBench.Material();
        var key = await bench.ImportedKeyAsync(material);
        await Expect.Problem(400, "IncorrectKeyMaterialException",
            () => bench.ImportAsync(key, ImportBench.Material()));
        await bench.DeleteAsync(key);
        await Expect.Problem(400, "IncorrectKeyMaterialException",
            () => bench.ImportAsync(key, ImportBench.Material()));
        (await bench.LookAsync(key)).KeyState.ShouldBe(KeyState.PendingImport);
        await bench.ImportAsync(key, material);
        (await bench.LookAsync(key)).KeyState.ShouldBe(KeyState.Enabled);
    }

    [Fact]
    public async Task A_material_id_in_the_request_has_to_be_the_materials()
    {
        var material = ImportBench.Material();
        var key = await bench.KeyAsync();
        var id = (await bench.ImportAsync(key, material)).KeyMaterialId;
        (await bench.ImportAsync(key, material, request => request.KeyMaterialId = id)).KeyMaterialId.ShouldBe(id);
        await Expect.Problem(400, "IncorrectKeyMaterialException",
            () => bench.ImportAsync(key, material, request => request.KeyMaterialId = new string('0', 64)));
        await Expect.Problem(400, "ValidationException", () => bench.ImportAsync(key, ImportBench.Material(), request =>
        {
            request.ImportType = ImportType.NEW_KEY_MATERIAL;
            request.KeyMaterialId = id;
        }));
    }

    [Fact]
    public async Task A_token_belongs_to_one_key_and_one_public_key()
    {
        var key = await bench.KeyAsync();
        var mine = await bench.ParametersAsync(key);
        var others = await bench.ParametersAsync(await bench.KeyAsync());
        await Expect.Problem(400, "InvalidImportTokenException",
            () => bench.HandOverAsync(key, others, ImportBench.Material()));
        await Expect.Problem(400, "InvalidImportTokenException", () => bench.HandOverAsync(
            key, mine, ImportBench.Material(), request => request.ImportToken = new MemoryStream([1, 2, 3])));
        var next = await bench.ParametersAsync(key);
        await Expect.Problem(400, "InvalidCiphertextException", () => bench.HandOverAsync(
            key, mine, ImportBench.Material(), request => request.ImportToken = next.ImportToken));
        await bench.HandOverAsync(key, mine, ImportBench.Material());
    }

    [Fact]
    public async Task What_is_wrapped_otherwise_is_no_ciphertext()
    {
        var key = await bench.KeyAsync();
        var parameters = await bench.ParametersAsync(key);
        foreach (var padding in new[] { RSAEncryptionPadding.OaepSHA1, RSAEncryptionPadding.Pkcs1 })
        {
            await Expect.Problem(400, "InvalidCiphertextException",
                () => bench.HandOverAsync(key, parameters, ImportBench.Material(), padding: padding));
        }

        await Expect.Problem(400, "InvalidCiphertextException", () => bench.HandOverAsync(
            key, parameters, ImportBench.Material(),
            request => request.EncryptedKeyMaterial = new MemoryStream(new byte[10])));
        await Expect.Problem(400, "UnsupportedOperationException",
            () => bench.ParametersAsync(key, algorithm: "RSAES_PKCS1_V1_5"));
        await Expect.Problem(400, "ValidationException", () => bench.ParametersAsync(key, spec: "RSA_1024"));
    }

    [Fact]
    public async Task A_key_with_material_of_KMS_takes_none()
    {
        var key = cloud.Admin.CreateKey(LocalCloudAccounts.Platform, CloudFixture.Region);
        await Expect.Problem(400, "UnsupportedOperationException", () => bench.ParametersAsync(key));
        await Expect.Problem(400, "UnsupportedOperationException", () => bench.DeleteAsync(key));
    }

    [Fact]
    public async Task Another_account_may_not_import_whatever_the_policy_says()
    {
        var key = cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, CloudFixture.Region, """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}
            """);
        await Expect.Problem(400, "AccessDeniedException", () => bench.ParametersAsync(key));
        await Expect.Problem(400, "AccessDeniedException", () => bench.DeleteAsync(key));
        await Expect.Problem(400, "AccessDeniedException", () => cloud.OperatorKms.ScheduleKeyDeletionAsync(key, 7));
        await Expect.Problem(400, "AccessDeniedException",
            () => cloud.OperatorKms.ListResourceTagsAsync(new ListResourceTagsRequest { KeyId = key }));
        await Expect.Problem(400, "AccessDeniedException",
            () =>
                cloud.OperatorKms.CreateAliasAsync(
                    new CreateAliasRequest { AliasName = "alias/theirs", TargetKeyId = key }));
    }

    [Fact]
    public async Task A_policy_can_demand_a_wrapping_and_an_expiry()
    {
        var key = (await cloud.OperatorKms.CreateKeyAsync(new CreateKeyRequest
        {
            Origin = OriginType.EXTERNAL,
            BypassPolicyLockoutSafetyCheck = true,
            Policy = $$"""
                {"Version":"2012-10-17","Statement":[
                  {"Effect":"Allow","Principal":{"AWS":"{{LocalCloudAccounts.OperatorRole}}"},"Action":"kms:GetParametersForImport","Resource":"*",
                   "Condition":{"StringEquals":{"kms:WrappingAlgorithm":"RSAES_OAEP_SHA_256","kms:WrappingKeySpec":"RSA_2048"} } },
                  {"Effect":"Allow","Principal":{"AWS":"{{LocalCloudAccounts.OperatorRole}}"},"Action":"kms:ImportKeyMaterial","Resource":"*",
                   "Condition":{"StringEquals":{"kms:ExpirationModel":"KEY_MATERIAL_EXPIRES"} } }]}
                """,
        })).KeyMetadata.Arn;
        await Expect.Problem(400, "AccessDeniedException",
            () => bench.ParametersAsync(key, algorithm: "RSAES_OAEP_SHA_1"));
        await Expect.Problem(400, "AccessDeniedException", () => bench.ParametersAsync(key, spec: "RSA_3072"));
        await Expect.Problem(400, "AccessDeniedException", () => bench.ImportAsync(key, ImportBench.Material()));
        await bench.ImportAsync(key, ImportBench.Material(),
            request =>
                (request.ExpirationModel, request.ValidTo) = (ExpirationModelType.KEY_MATERIAL_EXPIRES,
                    DateTime.UtcNow.AddDays(1)));
    }

    [Fact]
    public async Task A_policy_that_locks_its_maker_out_is_malformed_unless_that_is_meant()
    {
        var request = new CreateKeyRequest
        {
            Policy =
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/admin"},"Action":"kms:*","Resource":"*"}]}""",
        };
        await Expect.Problem(400, "MalformedPolicyDocumentException", () => cloud.OperatorKms.CreateKeyAsync(request));
        request.BypassPolicyLockoutSafetyCheck = true;
        await cloud.OperatorKms.CreateKeyAsync(request);
    }

    [Fact]
    public async Task Quotas_throttle_where_they_are_asked_for()
    {
        await using var server = await LocalCloudServer.StartAsync();
        server.Admin.KmsQuotas = true;
        using var kms = new AmazonKeyManagementServiceClient(CloudFixture.Operator, new AmazonKeyManagementServiceConfig
        {
            ServiceURL = server.Url.ToString(), AuthenticationRegion = CloudFixture.Region, MaxErrorRetry = 0,
        });
        var alone = new ImportBench(kms);
        var key = await alone.KeyAsync();
        await alone.ParametersAsync(key);
        await Expect.Problem(400, "ThrottlingException", () => alone.ParametersAsync(key));
        server.Admin.ClockOffset = TimeSpan.FromSeconds(4);
        await alone.ParametersAsync(key);
    }
}
