using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Aws.Kms;

public sealed class CryptoTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    [Fact]
    public async Task Another_encryption_context_does_not_open_a_ciphertext()
    {
        var key = cloud.NewTenantKey();
        var made = await cloud.OperatorKms.EncryptAsync(
            new EncryptRequest
            {
                KeyId = key,
                Plaintext = new MemoryStream([1, 2, 3]),
                EncryptionContext = new() { ["tenant"] = "acme", ["use"] = "probe" },
            });
        await Expect.Problem(400, "InvalidCiphertextException",
            () => Decrypt(made.CiphertextBlob, new() { ["tenant"] = "other", ["use"] = "probe" }));
        await Expect.Problem(400, "InvalidCiphertextException", () => Decrypt(made.CiphertextBlob, []));
        (await Decrypt(made.CiphertextBlob, new() { ["use"] = "probe", ["tenant"] = "acme" })).Plaintext.ToArray()
            .ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Encrypt_takes_4096_bytes_and_no_more()
    {
        var key = cloud.NewTenantKey();
        await cloud.OperatorKms.EncryptAsync(
            new EncryptRequest { KeyId = key, Plaintext = new MemoryStream(new byte[4096]) });
        await Expect.Problem(400, "ValidationException",
            () =>
                cloud.OperatorKms.EncryptAsync(
                    new EncryptRequest { KeyId = key, Plaintext = new MemoryStream(new byte[4097]) }));
    }

    [Fact]
    public async Task What_is_no_ciphertext_is_InvalidCiphertext() =>
        await Expect.Problem(400, "InvalidCiphertextException", () => Decrypt(new MemoryStream([1, 2, 3, 4, 5]), []));

    [Fact]
    public async Task A_named_key_that_did_not_seal_is_IncorrectKey()
    {
        var key = cloud.NewTenantKey();
        var made =
            await cloud.OperatorKms.EncryptAsync(new EncryptRequest { KeyId = key, Plaintext = new MemoryStream([1]) });
        await Expect.Problem(400, "IncorrectKeyException",
            () =>
                cloud.OperatorKms.DecryptAsync(
                    new DecryptRequest { KeyId = cloud.NewTenantKey(), CiphertextBlob = made.CiphertextBlob }));
    }

    [Fact]
    public async Task A_ciphertext_of_another_region_is_denied_without_saying_why()
    {
        var made = await cloud.OperatorKms.EncryptAsync(
            new EncryptRequest { KeyId = cloud.NewTenantKey(), Plaintext = new MemoryStream([1]) });
        var elsewhere = cloud.Kms(CloudFixture.Operator, "eu-central-1");
        await Expect.Problem(400, "AccessDeniedException",
            () => elsewhere.DecryptAsync(new DecryptRequest { CiphertextBlob = made.CiphertextBlob }));
    }

    [Fact]
    public async Task A_key_is_not_found_by_a_wrong_ARN_or_in_another_region()
    {
        var key = cloud.NewTenantKey();
        await Expect.Problem(400, "NotFoundException", () => cloud.OperatorKms.DescribeKeyAsync(key[..^1] + "z"));
        await Expect.Problem(400, "NotFoundException",
            () => cloud.Kms(CloudFixture.Operator, "us-east-1").DescribeKeyAsync(key));
        await Expect.Problem(400, "NotFoundException", () => cloud.OperatorKms.DescribeKeyAsync("alias/none"));
        await Expect.Problem(400, "NotFoundException", () => cloud.OperatorKms.DescribeKeyAsync(key.Split('/')[1]));
    }

    [Theory]
    [InlineData("RSA_2048", "ENCRYPT_DECRYPT")]
    [InlineData("ECC_NIST_P256", "SIGN_VERIFY")]
    [InlineData("HMAC_256", "GENERATE_VERIFY_MAC")]
    public async Task A_key_of_another_kind_makes_no_data_keys(string spec, string usage)
    {
        var key = (await cloud.TenantKms.CreateKeyAsync(
            new CreateKeyRequest { KeySpec = spec, KeyUsage = usage })).KeyMetadata;
        key.KeySpec.Value.ShouldBe(spec);
        await Expect.Problem(400, "InvalidKeyUsageException",
            () =>
                cloud.TenantKms.GenerateDataKeyAsync(
                    new GenerateDataKeyRequest { KeyId = key.Arn, KeySpec = DataKeySpec.AES_256 }));
    }

    [Fact]
    public async Task A_dry_run_that_would_succeed_says_so_by_an_exception()
    {
        var key = cloud.NewTenantKey();
        await Should.ThrowAsync<DryRunOperationException>(() =>
            cloud.OperatorKms.GenerateDataKeyAsync(
                new GenerateDataKeyRequest { KeyId = key, KeySpec = DataKeySpec.AES_256, DryRun = true }));
        await Expect.Problem(400, "AccessDeniedException",
            () =>
                cloud.Kms(CloudFixture.Workload)
                    .GenerateDataKeyAsync(
                        new GenerateDataKeyRequest { KeyId = key, KeySpec = DataKeySpec.AES_256, DryRun = true }));
    }

    [Fact]
    public async Task ReEncrypt_moves_a_ciphertext_from_key_to_key()
    {
        var (from, to) = (cloud.NewTenantKey(), cloud.NewTenantKey());
        var made = await cloud.OperatorKms.EncryptAsync(
            new EncryptRequest { KeyId = from, Plaintext = new MemoryStream([7]) });
        var moved = await cloud.OperatorKms.ReEncryptAsync(
            new ReEncryptRequest
            {
                CiphertextBlob = made.CiphertextBlob,
                DestinationKeyId = to,
                DestinationEncryptionContext = new() { ["a"] = "b" },
            });
        moved.SourceKeyId.ShouldBe(from);
        var opened = await Decrypt(moved.CiphertextBlob, new() { ["a"] = "b" });
        opened.Plaintext.ToArray().ShouldBe([7]);
        opened.KeyId.ShouldBe(to);
    }

    [Fact]
    public async Task A_replica_in_another_region_opens_what_the_primary_sealed_and_lives_its_own_life()
    {
        var primary = (await cloud.TenantKms.CreateKeyAsync(new CreateKeyRequest { MultiRegion = true })).KeyMetadata;
        var replica = (await cloud.TenantKms.ReplicateKeyAsync(
            new ReplicateKeyRequest { KeyId = primary.Arn, ReplicaRegion = "eu-central-1" })).ReplicaKeyMetadata;
        replica.MultiRegionConfiguration.MultiRegionKeyType.ShouldBe(MultiRegionKeyType.REPLICA);
        var made = await cloud.TenantKms.EncryptAsync(
            new EncryptRequest { KeyId = primary.Arn, Plaintext = new MemoryStream([9]) });
        await cloud.TenantKms.DisableKeyAsync(primary.Arn);
        (await cloud.Kms(CloudFixture.Tenant, "eu-central-1")
            .DecryptAsync(new DecryptRequest { CiphertextBlob = made.CiphertextBlob })).KeyId.ShouldBe(replica.Arn);
    }

    [Fact]
    public async Task An_alias_resolves_in_the_callers_account()
    {
        var key = cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, CloudFixture.Region);
        await cloud.TenantKms.CreateAliasAsync("alias/acme", key);
        (await cloud.TenantKms.DescribeKeyAsync("alias/acme")).KeyMetadata.Arn.ShouldBe(key);
        await Expect.Problem(400, "NotFoundException", () => cloud.OperatorKms.DescribeKeyAsync("alias/acme"));
        await Expect.Problem(400, "AlreadyExistsException", () => cloud.TenantKms.CreateAliasAsync("alias/acme", key));
    }

    private Task<DecryptResponse> Decrypt(MemoryStream blob, Dictionary<string, string> context) =>
        cloud.OperatorKms.DecryptAsync(
            new DecryptRequest { CiphertextBlob = new MemoryStream(blob.ToArray()), EncryptionContext = context });
}
