using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Aws.Kms;

/// <summary>research: what each key state does to cryptography, to grants and to looking.</summary>
public sealed class KeyStateTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    [Theory]
    [InlineData("Disabled", "DisabledException", "is disabled.")]
    [InlineData("PendingDeletion", "KMSInvalidStateException", "is pending deletion.")]
    [InlineData("PendingImport", "KMSInvalidStateException", "is pending import.")]
    [InlineData("Unavailable", "KMSInvalidStateException", "is unavailable.")]
    [InlineData("Creating", "KMSInvalidStateException", "is creating.")]
    public async Task An_unusable_key_refuses_cryptography(string state, string code, string words)
    {
        var key = cloud.NewTenantKey();
        var made = await Generate(key);
        cloud.Admin.SetKeyState(key, state);
        (await Expect.Problem(400, code, () => Generate(key))).Message.ShouldBe($"{key} {words}");
        await Expect.Problem(400, code,
            () => cloud.OperatorKms.DecryptAsync(new DecryptRequest { CiphertextBlob = made.CiphertextBlob }));
        await Expect.Problem(400, code,
            () =>
                cloud.OperatorKms.EncryptAsync(new EncryptRequest { KeyId = key, Plaintext = new MemoryStream([1]) }));
    }

    [Theory]
    [InlineData("Disabled", false)]
    [InlineData("PendingDeletion", false)]
    [InlineData("PendingImport", false)]
    [InlineData("Creating", false)]
    [InlineData("Unavailable", true)]
    [InlineData("Updating", true)]
    public async Task Grants_are_made_only_in_some_states_but_listed_and_revoked_in_all(string state, bool makes)
    {
        var key = cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, CloudFixture.Region);
        var first = await Grant(key);
        cloud.Admin.SetKeyState(key, state);
        if (makes)
        {
            await Grant(key);
        }
        else
        {
            await Should.ThrowAsync<AmazonKeyManagementServiceException>(() => Grant(key));
        }

        (await cloud.TenantKms.ListGrantsAsync(new ListGrantsRequest { KeyId = key })).Grants.Select(one => one.GrantId)
            .ShouldContain(first.GrantId);
        await cloud.TenantKms.RevokeGrantAsync(new RevokeGrantRequest { KeyId = key, GrantId = first.GrantId });
        (await cloud.TenantKms.DescribeKeyAsync(key)).KeyMetadata.KeyState.Value.ShouldBe(state);
    }

    [Fact]
    public async Task Deletion_waits_is_cancelled_into_disabled_and_then_enabled()
    {
        var key = cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, CloudFixture.Region);
        (await cloud.TenantKms.ScheduleKeyDeletionAsync(
            new ScheduleKeyDeletionRequest { KeyId = key, PendingWindowInDays = 7 })).KeyState
                .ShouldBe(KeyState.PendingDeletion);
        await Expect.Problem(400, "ValidationException",
            () =>
                cloud.TenantKms.ScheduleKeyDeletionAsync(
                    new ScheduleKeyDeletionRequest { KeyId = key, PendingWindowInDays = 6 }));
        await Expect.Problem(400, "KMSInvalidStateException", () => cloud.TenantKms.EnableKeyAsync(key));
        await cloud.TenantKms.CancelKeyDeletionAsync(key);
        (await cloud.TenantKms.DescribeKeyAsync(key)).KeyMetadata.KeyState.ShouldBe(KeyState.Disabled);
        await cloud.TenantKms.EnableKeyAsync(key);
        (await cloud.TenantKms.DescribeKeyAsync(key)).KeyMetadata.Enabled.ShouldBe(true);
    }

    [Fact]
    public async Task A_key_whose_waiting_period_is_over_is_not_found()
    {
        await using var server = await LocalCloudServer.StartAsync();
        var key = server.Admin.CreateKey(LocalCloudAccounts.Tenant, CloudFixture.Region);
        using var kms = new AmazonKeyManagementServiceClient(CloudFixture.Tenant,
            new AmazonKeyManagementServiceConfig
            {
                ServiceURL = server.Url.ToString(),
                AuthenticationRegion = CloudFixture.Region,
            });
        await kms.ScheduleKeyDeletionAsync(key, 7);
        server.Admin.ClockOffset = TimeSpan.FromDays(8);
        await Expect.Problem(400, "NotFoundException", () => kms.DescribeKeyAsync(key));
    }

    [Fact]
    public async Task A_key_imported_later_is_pending_import_from_birth()
    {
        var made =
            (await cloud.TenantKms.CreateKeyAsync(new CreateKeyRequest { Origin = OriginType.EXTERNAL })).KeyMetadata;
        made.KeyState.ShouldBe(KeyState.PendingImport);
        made.CurrentKeyMaterialId.ShouldBeNull();
        await Expect.Problem(400, "KMSInvalidStateException", () => cloud.TenantKms.EnableKeyAsync(made.Arn));
    }

    [Fact]
    public async Task Rotation_changes_the_material_and_old_ciphertexts_still_open()
    {
        var key = cloud.NewTenantKey();
        var before = (await cloud.TenantKms.DescribeKeyAsync(key)).KeyMetadata.CurrentKeyMaterialId;
        var sealedBefore = await Generate(key);
        await cloud.TenantKms.RotateKeyOnDemandAsync(new RotateKeyOnDemandRequest { KeyId = key });
        (await cloud.TenantKms.DescribeKeyAsync(key)).KeyMetadata.CurrentKeyMaterialId.ShouldNotBe(before);
        (await cloud.OperatorKms.DecryptAsync(
            new DecryptRequest { CiphertextBlob = sealedBefore.CiphertextBlob })).KeyMaterialId.ShouldBe(before);
        (await cloud.TenantKms.GetKeyRotationStatusAsync(
            new GetKeyRotationStatusRequest { KeyId = key })).KeyRotationEnabled.ShouldBe(false);
        await cloud.TenantKms.EnableKeyRotationAsync(new EnableKeyRotationRequest { KeyId = key });
        (await cloud.TenantKms.GetKeyRotationStatusAsync(
            new GetKeyRotationStatusRequest { KeyId = key })).KeyRotationEnabled.ShouldBe(true);
    }

    [Fact]
    public async Task Replaced_material_opens_nothing_from_before()
    {
        var key = cloud.NewTenantKey();
        var made = await Generate(key);
        cloud.Admin.ReplaceMaterial(key);
        await Expect.Problem(400, "InvalidCiphertextException",
            () => cloud.OperatorKms.DecryptAsync(new DecryptRequest { CiphertextBlob = made.CiphertextBlob }));
    }

    private Task<GenerateDataKeyWithoutPlaintextResponse> Generate(string key) =>
        cloud.OperatorKms.GenerateDataKeyWithoutPlaintextAsync(
            new GenerateDataKeyWithoutPlaintextRequest { KeyId = key, KeySpec = DataKeySpec.AES_256 });

    private Task<CreateGrantResponse> Grant(string key) =>
        cloud.TenantKms.CreateGrantAsync(
            new CreateGrantRequest
            {
                KeyId = key,
                GranteePrincipal = LocalCloudAccounts.OperatorRole,
                Operations = ["Decrypt"],
            });
}
