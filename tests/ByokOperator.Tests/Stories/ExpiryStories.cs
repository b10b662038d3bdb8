using System.Security.Cryptography;
using ByokOperator.Api;
using ByokOperator.Keys;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>Keys are asked once an hour here: whatever is seen sooner was due.</summary>
public sealed class ExpiryStories
{
    private const string Told = "dev.byok.key.expiring.v1";

    /// <summary>Longer than an import takes, so that the warning is not there from the start.</summary>
    private static readonly TimeSpan soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_person_is_warned_as_the_end_comes_nearer_once_per_step_until_a_later_end_is_imported()
    {
        await using var sink = await Sink.StartAsync();
        var secretFile = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(secretFile, Sink.Secret);
            await using var tenant = await Tenant.MoveInAsync(options =>
                options with { NotificationSink = sink.Address, NotificationSecretFile = secretFile });
            await tenant.UploadAsync(RandomNumberGenerator.GetBytes(32));

            var first = await ImportUntilAsync(tenant, 30);
            var warned = await tenant.UntilKeyAsync(key => Warning(key)?.Reason == "WithinThirtyDays");
            Warning(warned)!.LastTransitionTime.ShouldBeGreaterThanOrEqualTo(first.AddDays(-30));
            (warned.Status!.Verdict, Tenant.ReasonOf(warned)).ShouldBe(("Usable", "Ready"));

            var second = await ImportUntilAsync(tenant, 7);
            await tenant.UntilKeyAsync(key =>
                Warning(key)?.Reason == "WithinSevenDays" && key.Status!.MaterialExpiresAt == second);
            var told = await sink.HeardAsync(Told, times: 2);
            ((string?)told["data"]!["region"]).ShouldBe(Quickstart.Stage.Region);
            DateTimeOffset.Parse((string)told["data"]!["expiresAt"]!, System.Globalization.CultureInfo.InvariantCulture)
                .ShouldBe(second);

            var last = await ImportUntilAsync(tenant, 300);
            await tenant.UntilKeyAsync(key => Warning(key) is null && key.Status!.MaterialExpiresAt == last);
            await EachWasSaidOnceAsync(tenant);
        }
        finally
        {
            File.Delete(secretFile);
        }

        sink.Ids.ShouldBeUnique();
    }

    /// <returns>The end that was asked for.</returns>
    private static async Task<DateTimeOffset> ImportUntilAsync(Tenant tenant, int days)
    {
        var end = DateTimeOffset.FromUnixTimeSeconds(
            (TimeProvider.System.GetUtcNow().AddDays(days) + soon).ToUnixTimeSeconds());
        var source = new ImportedSource
        {
            Aws = new AwsImport
            {
                Regions = [Quickstart.Stage.Region],
                ValidTo = end.ToString("yyyy-MM-dd'T'HH:mm:ssK", System.Globalization.CultureInfo.InvariantCulture),
            },
        };
        await tenant.ApplyImportedKeyAsync(KeyStates.Active, "", source, probeInterval: "1h", maxStaleness: "2h");
        return end;
    }

    private static async Task EachWasSaidOnceAsync(Tenant tenant)
    {
        var events = await tenant.Stage.Kube.Api<KubeEvent>()
            .ListPageAsync(new Selection(Tenant.Namespace), null, CancellationToken.None);
        var said = events.Items.Where(one => one.Reason == MaterialExpiryWarning.Condition).ToList();
        said.Count.ShouldBeGreaterThanOrEqualTo(2);
        said.Select(one => one.Note).ShouldBeUnique();
        said.ShouldAllBe(one => one.Series == null && one.Type == "Warning");
    }

    private static Condition? Warning(TenantEncryptionKey key) =>
        Conditions.Find(key.Status!.Conditions, MaterialExpiryWarning.Condition);
}
