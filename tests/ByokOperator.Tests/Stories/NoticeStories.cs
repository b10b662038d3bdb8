using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

public sealed class NoticeStories
{
    [Fact]
    public async Task A_sink_hears_of_activation_migration_revocation_closing_and_reopening_each_once()
    {
        await using var sink = await Sink.StartAsync();
        var secretFile = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(secretFile, Sink.Secret + "\n");
            await using var tenant = await Tenant.MoveInAsync(options => options with { NoticeSink = sink.Address, NoticeSecretFile = secretFile });
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
            ((string?)closed["source"]).ShouldBe("/apis/byok.dev/v1alpha1/namespaces/tenant-acme/encryptedstores/store");

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
}
