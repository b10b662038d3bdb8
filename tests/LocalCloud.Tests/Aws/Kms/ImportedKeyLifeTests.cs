using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.S3.Model;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Aws.Kms;

/// <summary>Imported material goes and comes back: deleted, expired, lost, rotated.</summary>
public sealed class ImportedKeyLifeTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    private readonly ImportBench bench = new(cloud.OperatorKms);

    [Fact]
    public async Task Without_its_material_a_key_opens_nothing_and_with_it_everything_again()
    {
        var material = ImportBench.Material();
        var key = await bench.ImportedKeyAsync(material);
        var id = (await bench.LookAsync(key)).CurrentKeyMaterialId;
        var blob = await bench.EncryptAsync(key);
        await bench.DeleteAsync(key);
        var seen = await bench.LookAsync(key);
        (seen.KeyState, seen.Enabled, seen.ExpirationModel).ShouldBe((KeyState.PendingImport, false, null));
        (await Expect.Problem(400, "KMSInvalidStateException", () => bench.OpenAsync(blob))).Message
            .ShouldBe($"{key} is pending import.");
        await Expect.Problem(400, "KMSInvalidStateException", () => bench.EncryptAsync(key));
        await bench.ImportAsync(key, material);
        (await bench.OpenAsync(blob)).Plaintext.ToArray().ShouldBe([1, 2, 3]);
        (await bench.LookAsync(key)).CurrentKeyMaterialId.ShouldBe(id);
    }

    [Fact]
    public async Task Stored_objects_close_and_open_with_the_material()
    {
        var material = ImportBench.Material();
        var key = await bench.ImportedKeyAsync(material);
        var bucket = await cloud.NewBucket();
        await cloud.OperatorS3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket, Key = "a", ContentBody = "data",
            ServerSideEncryptionMethod = Amazon.S3.ServerSideEncryptionMethod.AWSKMS,
            ServerSideEncryptionKeyManagementServiceKeyId = key,
        });
        cloud.Admin.LoseMaterial(key);
        await Expect.Problem(400, "KMS.KMSInvalidStateException", () => cloud.OperatorS3.GetObjectAsync(bucket, "a"));
        await bench.ImportAsync(key, material);
        using var back = await cloud.OperatorS3.GetObjectAsync(bucket, "a");
        back.ContentLength.ShouldBe(4);
    }

    [Fact]
    public async Task Deleting_what_is_not_there_changes_nothing()
    {
        var key = await bench.KeyAsync();
        await bench.DeleteAsync(key);
        await bench.ImportAsync(key, ImportBench.Material());
        await bench.DeleteAsync(key);
        await bench.DeleteAsync(key);
        (await bench.LookAsync(key)).KeyState.ShouldBe(KeyState.PendingImport);
        await Expect.Problem(400, "NotFoundException", () => bench.DeleteAsync(key, new string('0', 64)));
    }

    [Fact]
    public async Task Material_expires_tokens_too_and_a_new_import_sets_the_date_anew()
    {
        await using var server = await LocalCloudServer.StartAsync();
        using var kms = new AmazonKeyManagementServiceClient(CloudFixture.Operator, new AmazonKeyManagementServiceConfig
        {
            ServiceURL = server.Url.ToString(), AuthenticationRegion = CloudFixture.Region, MaxErrorRetry = 1,
        });
        var alone = new ImportBench(kms);
        var material = ImportBench.Material();
        var key = await alone.KeyAsync();
        var parameters = await alone.ParametersAsync(key);
        await alone.HandOverAsync(key, parameters, material, Until(DateTime.UtcNow.AddDays(2)));
        var seen = await alone.LookAsync(key);
        seen.ExpirationModel.ShouldBe(ExpirationModelType.KEY_MATERIAL_EXPIRES);
        seen.ValidTo!.Value.ToUniversalTime().ShouldBe(DateTime.UtcNow.AddDays(2), TimeSpan.FromMinutes(5));
        var blob = await alone.EncryptAsync(key);

        server.Admin.ClockOffset = TimeSpan.FromDays(2.1);
        await Expect.Problem(400, "KMSInvalidStateException", () => alone.OpenAsync(blob));
        server.Admin.KeyState(key).ShouldBe("PendingImport");
        await Expect.Problem(400, "ExpiredImportTokenException", () => alone.HandOverAsync(key, parameters, material));
        await alone.ImportAsync(key, material, Until(DateTime.UtcNow.AddDays(9)));
        (await alone.OpenAsync(blob)).Plaintext.Length.ShouldBe(3);
        await alone.ImportAsync(key, material);
        (await alone.LookAsync(key)).ExpirationModel.ShouldBe(ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE);
    }

    [Fact]
    public async Task An_expiry_is_asked_for_unless_there_shall_be_none()
    {
        var key = await bench.KeyAsync();
        await Expect.Problem(400, "ValidationException",
            () => bench.ImportAsync(key, ImportBench.Material(), request => request.ExpirationModel = null));
        await Expect.Problem(400, "ValidationException",
            () => bench.ImportAsync(key, ImportBench.Material(), Until(DateTime.UtcNow.AddDays(-1))));
        await Expect.Problem(400, "ValidationException",
            () => bench.ImportAsync(key, ImportBench.Material(), Until(DateTime.UtcNow.AddDays(367))));
        await Expect.Problem(400, "ValidationException",
            () =>
                bench.ImportAsync(key, ImportBench.Material(),
                    request => request.ValidTo = DateTime.UtcNow.AddDays(1)));
    }

    [Theory]
    [InlineData("Disabled")]
    [InlineData("PendingDeletion")]
    public async Task A_key_that_is_switched_off_takes_no_material(string state)
    {
        var material = ImportBench.Material();
        var key = await bench.ImportedKeyAsync(material);
        var parameters = await bench.ParametersAsync(key);
        if (state == "Disabled")
        {
            await cloud.OperatorKms.DisableKeyAsync(key);
            await bench.ParametersAsync(key);
        }
        else
        {
            await cloud.OperatorKms.ScheduleKeyDeletionAsync(key, 7);
            await Expect.Problem(400, "KMSInvalidStateException", () => bench.ParametersAsync(key));
        }

        await Expect.Problem(400, "KMSInvalidStateException", () => bench.HandOverAsync(key, parameters, material));
    }

    [Fact]
    public async Task Material_deleted_while_a_key_waits_for_deletion_is_asked_for_when_that_is_cancelled()
    {
        var key = await bench.ImportedKeyAsync(ImportBench.Material());
        await cloud.OperatorKms.ScheduleKeyDeletionAsync(key, 7);
        await bench.DeleteAsync(key);
        (await bench.LookAsync(key)).KeyState.ShouldBe(KeyState.PendingDeletion);
        await cloud.OperatorKms.CancelKeyDeletionAsync(key);
        (await bench.LookAsync(key)).KeyState.ShouldBe(KeyState.PendingImport);
    }

    [Fact]
    public async Task Every_material_that_a_key_was_rotated_to_is_needed()
    {
        var (first, second) = (ImportBench.Material(), ImportBench.Material());
        var key = await bench.ImportedKeyAsync(first);
        var blob = await bench.EncryptAsync(key);
        await Expect.Problem(400, "KMSInvalidStateException",
            () => cloud.OperatorKms.RotateKeyOnDemandAsync(new RotateKeyOnDemandRequest { KeyId = key }));
        var id = (await bench.ImportAsync(key, second,
            request => request.ImportType = ImportType.NEW_KEY_MATERIAL)).KeyMaterialId;
        await Expect.Problem(400, "IncorrectKeyMaterialException",
            () => bench.ImportAsync(key, first, request => request.ImportType = ImportType.NEW_KEY_MATERIAL));
        await cloud.OperatorKms.RotateKeyOnDemandAsync(new RotateKeyOnDemandRequest { KeyId = key });
        (await bench.LookAsync(key)).CurrentKeyMaterialId.ShouldBe(id);
        (await bench.OpenAsync(blob)).KeyMaterialId.ShouldNotBe(id);

        cloud.Admin.LoseMaterial(key);
        await bench.ImportAsync(key, second);
        (await bench.LookAsync(key)).KeyState.ShouldBe(KeyState.PendingImport);
        var rotations = await cloud.OperatorKms.ListKeyRotationsAsync(
            new ListKeyRotationsRequest { KeyId = key, IncludeKeyMaterial = IncludeKeyMaterial.ALL_KEY_MATERIAL });
        rotations.Rotations.Select(one => (one.KeyMaterialState.Value, one.ImportState.Value))
            .ShouldBe([("NON_CURRENT", "PENDING_IMPORT"), ("CURRENT", "IMPORTED")]);
        await bench.ImportAsync(key, first);
        (await bench.OpenAsync(blob)).Plaintext.Length.ShouldBe(3);
    }

    [Fact]
    public async Task
        A_rotation_is_refused_without_new_material_and_while_one_is_missing_and_what_is_refused_is_not_counted()
    {
        const int Most = 25;
        var first = ImportBench.Material();
        var key = await bench.ImportedKeyAsync(first);
        for (var tried = 0; tried <= Most; tried++)
        {
            await RefusedAsync(key);
        }

        await NewAsync(key);
        cloud.Admin.LoseMaterial(key);
        (await bench.LookAsync(key)).KeyState.ShouldBe(KeyState.PendingImport);
        await RefusedAsync(key);
        await Expect.Problem(400, "IncorrectKeyMaterialException",
            () =>
                bench.ImportAsync(key, ImportBench.Material(),
                    request => request.ImportType = ImportType.EXISTING_KEY_MATERIAL));
        await Expect.Problem(400, "KMSInvalidStateException", () => NewAsync(key));
        await bench.ImportAsync(key, first);
        await NewAsync(key);
        await cloud.OperatorKms.RotateKeyOnDemandAsync(new RotateKeyOnDemandRequest { KeyId = key });

        Task RefusedAsync(string arn) =>
            Expect.Problem(400, "KMSInvalidStateException",
                () => cloud.OperatorKms.RotateKeyOnDemandAsync(new RotateKeyOnDemandRequest { KeyId = arn }));
        Task NewAsync(string arn) =>
            bench.ImportAsync(arn, ImportBench.Material(), request => request.ImportType = ImportType.NEW_KEY_MATERIAL);
    }

    [Fact]
    public async Task Regions_import_apart()
    {
        var elsewhere = new ImportBench(cloud.Kms(CloudFixture.Operator, "eu-central-1"));
        var material = ImportBench.Material();
        var (here, there) = (await bench.ImportedKeyAsync(material), await elsewhere.ImportedKeyAsync(material));
        cloud.Admin.LoseMaterial(here);
        (await bench.LookAsync(here)).KeyState.ShouldBe(KeyState.PendingImport);
        (await elsewhere.LookAsync(there)).KeyState.ShouldBe(KeyState.Enabled);
    }

    private static Action<ImportKeyMaterialRequest> Until(DateTime end) =>
        request => (request.ExpirationModel, request.ValidTo) = (ExpirationModelType.KEY_MATERIAL_EXPIRES, end);
}
