using System.Globalization;
using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Cluster.Tests.Containers;
using Cluster.Tests.Primitives;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Stories;

/// <summary>Nobody can be asked about the key: how long the store stays open,
/// and what a person sees of it with kubectl.</summary>
[Collection(AloneOnTheCluster.Name)]
[Trait("Server", "kubernetes")]
public sealed class StalenessTests(AnyCluster any) : IClassFixture<AnyCluster>
{
    private readonly RealCluster cluster = any.Cluster;

    /// <summary>What is left of the patience once there was time to look around, however long that took.</summary>
    private static readonly TimeSpan left = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task An_unreachable_KMS_closes_the_store_after_max_staleness_and_both_clocks_are_in_the_yaml()
    {
        await using var cloud = await LocalCloudServer.StartAsync();
        await using var space = await cluster.NamespaceAsync("stale");
        var tenant = new TenantScene(cluster, cloud, space.Name);
        await tenant.ApplyAsync();
        await using var replica = cluster.StartOperator(cloud, image: "none");
        await tenant.UntilOpenAsync();
        await SeenAsync(space.Name, "no clock runs",
            (key, _) => Clock(key, "unknownSince") is null && Clock(key, "revokedSince") is null);
        (await tenant.IsListedAsync()).ShouldBeTrue();

        cloud.Admin.KmsUnreachable = true;
        var (unknown, open) =
            await SeenAsync(space.Name, "nobody can be asked", (key, _) => Clock(key, "unknownSince") is not null);
        ((string?)unknown["verdict"]).ShouldBe("Unknown");
        Clock(unknown, "revokedSince").ShouldBeNull();
        ((string?)open["availability"]).ShouldBe("Open");
        (await tenant.IsListedAsync()).ShouldBeTrue();
        (await cluster.Administrator.FindAsync("-n", space.Name, "configmap/store-binding")).ShouldNotBeNull();

        var maxStaleness = TimeSpan.FromSeconds(
            Math.Ceiling(
                (TimeProvider.System.GetUtcNow() - Clock(unknown, "unknownSince")!.Value + left).TotalSeconds));
        await tenant.PatchKeyAsync(
            $"{{\"spec\":{{\"revocation\":{{\"maxStaleness\":\"{maxStaleness.TotalSeconds}s\"}}}}}}");
        var (revoked, closed) = await SeenAsync(space.Name, "that is too long", (key, store) =>
            (string?)store["availability"] == "Closed" && AwsScene.IsTrue(store, "TargetDenied")
                && AwsScene.IsTrue(store, "BindingRemoved") && Clock(key, "revokedSince") is not null);
        ((string?)revoked["verdict"]).ShouldBe("Revoked");
        Clock(revoked, "unknownSince").ShouldBe(Clock(unknown, "unknownSince"));
        (Clock(revoked, "revokedSince") - Clock(revoked, "unknownSince"))!.Value
            .ShouldBe(maxStaleness, TimeSpan.FromSeconds(1));
        Clock(closed, "closedSince").ShouldNotBeNull()
            .ShouldBeGreaterThanOrEqualTo(Seconds(Clock(unknown, "unknownSince")!.Value + maxStaleness));
        ((string?)closed["closedReason"]).ShouldBe("UnknownTooLong");
        (await tenant.IsListedAsync()).ShouldBeFalse();
        (await cluster.Administrator.FindAsync("-n", space.Name, "configmap/store-binding")).ShouldBeNull();

        cloud.Admin.KmsUnreachable = false;
        await SeenAsync(space.Name, "it is open again", (key, store) =>
            AwsScene.IsTrue(store, "Ready") && (string?)store["availability"] == "Open"
                && Clock(key, "unknownSince") is null && Clock(key, "revokedSince") is null);
        (await tenant.IsListedAsync()).ShouldBeTrue();
    }

    /// <summary>Both statuses as <c>kubectl get -o yaml</c> prints them, once they are as wanted.</summary>
    private async Task<(JsonNode Key, JsonNode Store)> SeenAsync(
        string space, string what, Func<JsonNode, JsonNode, bool> holds)
    {
        (JsonNode, JsonNode) seen = default;
        await Until.HoldsAsync(what, async () =>
        {
            var text = await cluster.Administrator.RunAsync("get", "-n", space, "-o", "yaml",
                "tenantencryptionkeys/key", "encryptedstores/store");
            var items = Yaml.Parse(text).Single()["items"]!.AsArray();
            seen = (items[0]!["status"] ?? new JsonObject(), items[1]!["status"] ?? new JsonObject());
            return holds(seen.Item1, seen.Item2) ? null : text;
        });
        return seen;
    }

    private static DateTimeOffset? Clock(JsonNode status, string name) =>
        (string?)status[name] is { } text
            ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;

    private static DateTimeOffset Seconds(DateTimeOffset time) =>
        new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), time.Offset);
}
