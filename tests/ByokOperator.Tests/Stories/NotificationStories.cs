using System.Security.Cryptography;
using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

public sealed class NotificationStories
{
    [Fact]
    public async Task A_sink_hears_of_activation_migration_revocation_closing_and_reopening_each_once()
    {
        await using var sink = await Sink.StartAsync();
        var secretFile = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(secretFile, Sink.Secret + "\n");
            await using var tenant = await Tenant.MoveInAsync(options =>
                options with { NotificationSink = sink.Address, NotificationSecretFile = secretFile });
            await tenant.PutAsync("acme/a.txt", "one");
            await tenant.ApplyKeyAsync();
            await tenant.ApplyStoreAsync();
            await tenant.UntilReadyAsync();
            await sink.HeardAsync("dev.byok.key.activated.v1");
            var migrated = await sink.HeardAsync("dev.byok.store.migrated.v1");
            ((long?)migrated["data"]!["objects"]).ShouldBe(1);

            tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
            await tenant.UntilClosedAsync();
            var revoked = await sink.HeardAsync("dev.byok.key.revoked.v1");
            ((string?)revoked["data"]!["reason"]).ShouldBe("KeyDisabled");
            var closed = await sink.HeardAsync("dev.byok.store.closed.v1");
            ((string?)closed["data"]!["reason"]).ShouldBe("KeyDisabled");
            ((string?)closed["source"])
                .ShouldBe("/apis/byok.dev/v1alpha1/namespaces/tenant-acme/encryptedstores/store");

            tenant.Cloud.SetKeyState(tenant.KeyArn, "Enabled");
            await tenant.UntilReadyAsync();
            await sink.HeardAsync("dev.byok.store.reopened.v1");
            await sink.HeardAsync("dev.byok.key.activated.v1", times: 2);
        }
        finally
        {
            File.Delete(secretFile);
        }

        sink.Forged.ShouldBeEmpty();
        sink.Ids.ShouldBeUnique();
    }

    [Fact]
    public async Task A_sink_hears_once_of_each_upload_that_is_not_what_its_hash_says()
    {
        await using var sink = await Sink.StartAsync();
        var secretFile = Path.GetTempFileName();
        var secret = RandomNumberGenerator.GetBytes(32);
        try
        {
            await File.WriteAllTextAsync(secretFile, Sink.Secret);
            await using var tenant = await Tenant.MoveInAsync(options =>
                options with { NotificationSink = sink.Address, NotificationSecretFile = secretFile });
            await tenant.UploadAsync(secret, SHA256.HashData([1]));
            await tenant.ApplyImportedKeyAsync(KeyStates.Active);
            var mismatch = await sink.HeardAsync("dev.byok.key.mismatch.v1");
            ((string?)mismatch["data"]!["reason"]).ShouldBe("KeyHashMismatch");

            await tenant.UploadAsync(secret, SHA256.HashData([2]));
            await sink.HeardAsync("dev.byok.key.mismatch.v1", times: 2);
            await tenant.UploadAsync(secret);
            await sink.HeardAsync("dev.byok.key.activated.v1");

            var events = await tenant.Stage.Kube.Api<KubeEvent>()
                .ListPageAsync(new Selection(Tenant.Namespace), null, CancellationToken.None);
            events.Items.Count(one => one is { Reason: "KeyHashMismatch", Type: "Warning" }).ShouldBe(1);
        }
        finally
        {
            File.Delete(secretFile);
        }

        sink.Count("dev.byok.key.mismatch.v1").ShouldBe(2);
        sink.Forged.ShouldBeEmpty();
    }
}
