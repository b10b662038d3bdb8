using System.Text.Json.Nodes;
using Cluster.Tests.Primitives;
using Shouldly;

namespace Cluster.Tests.Moving;

/// <summary>When a change of key or a return is over, and that nothing happens afterwards.</summary>
internal static class MovedStore
{
    /// <summary>A tenth of those of a migration: a store is moved in more than one way.</summary>
    public static int Kills { get; } = Math.Max(2, Asked.For("KILLS", 40) / 10);

    /// <summary>Half of them are left when the kills by batches are over.</summary>
    public static int Batch => Math.Max(1, S3Data.Objects / (2 * Kills));

    /// <summary>Where the store is, once it is under that key alone and nothing is left to be said.</summary>
    public static string? Changed(JsonNode store, string key)
    {
        var status = store["status"];
        return AwsScene.IsTrue(status, "Ready") && (string?)status!["activeKey"] == key
            && (string?)status["availability"] == "Open" && status["pinnedKeys"] is null
            && status["pendingKey"] is null && !Says(status, "ObjectsReencrypted")
                ? (string?)status["location"]!["bucket"] : null;
    }

    /// <summary>An empty text once the store is a pointer to its shared place.</summary>
    public static string? Left(JsonNode store) =>
        AwsScene.IsTrue(store["status"], "Ready") && store["spec"]!["keyRef"] is null
            && Says(store["status"], "SourceFound") && store["status"]!["activeKey"] is null ? "" : null;

    /// <summary>Where it is, once it is open under its first key.</summary>
    public static async Task<string> UntilOpenAsync(Kubectl administrator, string space)
    {
        string? place = null;
        await Until.HoldsAsync($"the store of {space} is open", async () =>
        {
            var status = (await administrator.GetAsync("encryptedstore", "store", "-n", space))["status"];
            place = AwsScene.IsTrue(status, "Ready") && (string?)status!["availability"] == "Open"
                ? (string?)status["location"]!["bucket"] : null;
            return place is null ? status?.ToJsonString() ?? "no status" : null;
        });
        return place!;
    }

    /// <summary>A key that the store is done with is not usable any more: the operator knows, looks at the store, and
    /// does nothing.</summary>
    public static async Task ShouldNotMindAsync(Kubectl administrator, string space, string key, string? availability)
    {
        await Until.HoldsAsync($"it is known that {key} can't be used", async () =>
        {
            var status = (await administrator.GetAsync("tenantencryptionkey", key, "-n", space))["status"];
            return (string?)status?["verdict"] == "Revoked" ? null : status?.ToJsonString() ?? "no status";
        });
        var mark = Guid.NewGuid().ToString("n");
        await administrator.RunAsync("annotate", "-n", space, "encryptedstore/store", "--overwrite",
            $"byok.dev/reconcile-at={mark}");
        await Until.HoldsAsync("the store was looked at since", async () =>
        {
            var status = (await administrator.GetAsync("encryptedstore", "store", "-n", space))["status"]!;
            return (string?)status["lastHandledReconcileAt"] == mark ? null : status.ToJsonString();
        });
        var seen = (await administrator.GetAsync("encryptedstore", "store", "-n", space))["status"]!;
        ((string?)seen["availability"]).ShouldBe(availability, seen.ToJsonString());
        AwsScene.IsTrue(seen, "Ready").ShouldBeTrue(seen.ToJsonString());
    }

    private static bool Says(JsonNode? status, string condition) =>
        status?["conditions"]?.AsArray().Any(one => (string?)one!["type"] == condition) == true;
}
