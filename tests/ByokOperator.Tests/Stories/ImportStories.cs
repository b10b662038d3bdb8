using System.Security.Cryptography;
using ByokOperator.Api;
using Kube.Core;

using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>What a tenant lives through who hands a secret over instead of naming a key of its own.</summary>
public sealed class ImportStories
{
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public async Task A_secret_is_checked_on_standby_then_imported_and_the_data_moves_under_it()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyImportedKeyAsync(KeyStates.Standby);
        await tenant.UntilKeyAsync(key => Tenant.ReasonOf(key) == "NotUploaded");
        await tenant.UploadAsync(secret);
        await tenant.UntilKeyAsync(key => Tenant.ReasonOf(key) == "Ready");
        tenant.Cloud.Count("kms", "CreateKey").ShouldBe(0, "a key on standby is checked, and goes nowhere");

        await tenant.ApplyImportedKeyAsync(KeyStates.Active);
        await tenant.ApplyStoreAsync();
        var store = await tenant.UntilReadyAsync();

        (await tenant.ReadAsync(store.Status!.Location!.Bucket, "acme/a.txt")).ShouldBe("one");
        var key = await tenant.UntilKeyAsync(key => key.Status!.Verdict == "Usable");
        key.Status!.Source.ShouldBe("Imported");
        store.Status.ActiveKey.ShouldBe(key.Status.Keys!.ShouldHaveSingleItem().Id);
        tenant.Cloud.Count("kms", "CreateKey").ShouldBe(1);
    }

    [Fact]
    public async Task An_upload_is_noticed_when_the_key_is_next_asked_without_a_label_or_a_watch()
    {
        await using var tenant = await Tenant.MoveInAsync();
        var source = new ImportedSource { Aws = new AwsImport { Regions = [Quickstart.Stage.Region] } };
        await tenant.ApplyImportedKeyAsync(KeyStates.Active, "", source, probeInterval: "1s", maxStaleness: "2h");
        await tenant.UntilKeyAsync(key => Tenant.ReasonOf(key) == "NotUploaded");

        await tenant.UploadAsync(secret, SHA256.HashData([1]));
        await tenant.UntilKeyAsync(key => Tenant.ReasonOf(key) == "KeyHashMismatch");
        await tenant.UploadAsync(secret);
        await tenant.UntilKeyAsync(key => key.Status!.Verdict == "Usable");
    }

    [Fact]
    public async Task Two_regions_get_one_key_each_with_the_same_secret()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.UploadAsync(secret);
        await tenant.ApplyImportedKeyAsync(KeyStates.Active, "", Quickstart.Stage.Region, "eu-central-1");

        var key = await tenant.UntilKeyAsync(key => key.Status!.Verdict == "Usable" && key.Status.Keys!.Count == 2);

        key.Status!.Keys!.Select(one => one.Region)
            .ShouldBe([Quickstart.Stage.Region, "eu-central-1"], ignoreOrder: true);
        tenant.Cloud.Count("kms", "CreateKey").ShouldBe(2);
    }

    [Fact]
    public async Task A_typed_revocation_takes_the_material_and_only_the_same_secret_opens_again()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.UploadAsync(secret);
        await tenant.ApplyImportedKeyAsync(KeyStates.Active);
        await tenant.ApplyStoreAsync();
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;

        await tenant.ApplyImportedKeyAsync(KeyStates.Revoked, "revoke");
        (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe("RevokedByTenant");
        tenant.Cloud.Count("kms", "DeleteImportedKeyMaterial").ShouldBe(1);
        (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");

        await tenant.UploadAsync(RandomNumberGenerator.GetBytes(32));
        await tenant.ApplyImportedKeyAsync(KeyStates.Active);
        await tenant.UntilKeyAsync(key => Tenant.ReasonOf(key) == "KeyReplaced");
        (await tenant.UntilClosedAsync()).Status!.Availability.ShouldBe("Closed");

        await tenant.UploadAsync(secret);
        await tenant.UntilReadyAsync();
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
    }

    [Fact]
    public async Task A_secret_that_is_not_the_one_of_the_hash_stops_before_any_key_is_made()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.UploadAsync(secret, SHA256.HashData([1, 2, 3]));
        await tenant.ApplyImportedKeyAsync(KeyStates.Active);

        var key = await tenant.UntilKeyAsync(key => Conditions.Find(key.Status!.Conditions, "Stalled") is not null);

        Tenant.ReasonOf(key).ShouldBe("KeyHashMismatch");
        tenant.Cloud.Count("kms", "ImportKeyMaterial").ShouldBe(0);
    }

    [Fact]
    public async Task A_key_that_nobody_uses_any_more_is_scheduled_for_deletion_before_its_object_goes()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.UploadAsync(secret);
        await tenant.ApplyImportedKeyAsync(KeyStates.Active);
        await tenant.UntilKeyAsync(key => key.Status!.Verdict == "Usable");

        await tenant.Stage.Kube.Api<TenantEncryptionKey>()
            .DeleteAsync(new ObjectKey(Tenant.Namespace, "key"), null, CancellationToken.None);
        await TenantStories.GoneAsync<TenantEncryptionKey>(tenant, "key");

        tenant.Cloud.Count("kms", "DeleteImportedKeyMaterial").ShouldBe(1);
        tenant.Cloud.Count("kms", "ScheduleKeyDeletion").ShouldBe(1);
    }
}
