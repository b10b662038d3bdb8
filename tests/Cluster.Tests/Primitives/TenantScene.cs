using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using LocalCloud;

namespace Cluster.Tests.Primitives;

/// <summary>One tenant on AWS: a namespace with a key and a store in it, and how far a workload gets.</summary>
internal sealed class TenantScene(RealCluster cluster, LocalCloudServer cloud, string space)
{
    public string KeyArn { get; private set; } = "";

    public string Bucket { get; private set; } = "";

    public string Space => space;

    /// <summary>A key of the tenant's own, and a store that starts empty unless it is told where from.</summary>
    /// <param name="revocation">How often the key is asked, and how long it is borne not to know.</param>
    /// <param name="more">Fields of the store's spec besides its key and region, each after a comma.</param>
    public async Task ApplyAsync(string revocation = "probeInterval: 1s, maxStaleness: 1h", string more = "")
    {
        KeyArn = await AwsScene.CreateKeyAsync(cloud);
        await ApplyKeyAsync("key", KeyArn, revocation);
        await ApplyStoreAsync(more);
    }

    public Task ApplyKeyAsync(string name, string arn, string revocation) => cluster.Administrator.ApplyAsync($$"""
        apiVersion: byok.dev/v1alpha1
        kind: TenantEncryptionKey
        metadata: {name: {{name}}, namespace: {{space}}}
        spec:
          state: Active
          revocation: { {{revocation}} }
          awsKms: {keys: [{region: {{AwsScene.Region}}, arn: "{{arn}}"}]}
        """, "--validate=false");

    /// <summary>Under the key of that name, once it is there.</summary>
    public Task ApplyStoreAsync(string more) => cluster.Administrator.ApplyAsync($$"""
        apiVersion: byok.dev/v1alpha1
        kind: EncryptedStore
        metadata: {name: store, namespace: {{space}}}
        spec: { keyRef: {name: key}, aws: {region: {{AwsScene.Region}}}{{more}} }
        """, "--validate=false");

    /// <summary>Merged into the store.</summary>
    public Task<string> PatchStoreAsync(string patch) =>
        cluster.Administrator.RunAsync("patch", "-n", space, "encryptedstore/store", "--type=merge", "-p", patch);

    public Task UntilOpenAsync() => UntilAsync("the store is open", status =>
    {
        Bucket = (string?)status["location"]?["bucket"] ?? Bucket;
        return AwsScene.IsTrue(status, "Ready") && (string?)status["availability"] == "Open";
    });

    public Task UntilClosedAsync() => Until.HoldsAsync($"the store of {space} is closed", async () =>
    {
        var status = await StatusAsync();
        var shown = (string?)status["availability"] == "Closed" && AwsScene.IsTrue(status, "BindingRemoved")
            && AwsScene.IsTrue(status, "TargetDenied");
        return shown && !await IsListedAsync() ? null : status.ToJsonString();
    });

    public Task UntilAsync(string what, Func<JsonNode, bool> holds) =>
        Until.HoldsAsync($"{what}, in {space}", async () =>
        {
            var status = await StatusAsync();
            return holds(status) ? null : status.ToJsonString();
        });

    public async Task<JsonNode> StatusAsync() =>
        (await cluster.Administrator.GetAsync("encryptedstore", "store", "-n", space))["status"] ?? new JsonObject();

    /// <summary>As a workload of the tenant.</summary>
    public async Task<bool> IsListedAsync()
    {
        using var s3 =
            AwsScene.S3(cloud, LocalCloudAccounts.WorkloadAccessKey, LocalCloudAccounts.WorkloadSecret, retries: 0);
        try
        {
            await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket });
            return true;
        }
        catch (AmazonS3Exception refused) when (refused.ErrorCode == "AccessDenied")
        {
            return false;
        }
    }

    /// <summary>What the operator recorded of this tenant, by the records' names.</summary>
    public async Task<IReadOnlyList<JsonNode>> RecordsAsync()
    {
        var maps = await cluster.Administrator.GetAsync("configmaps", "-n", OperatorManifests.Namespace);
        return [.. maps["items"]!.AsArray()
            .Where(map => ((string)map!["metadata"]!["name"]!).Contains($".{space}.", StringComparison.Ordinal))
            .Select(map => map!.DeepClone())];
    }

    public async Task RevokeInWritingAsync() =>
        await PatchKeyAsync("""{"spec":{"state":"Revoked","revocation":{"confirm":"revoke"}}}""");

    public Task<string> PatchKeyAsync(string patch) =>
        cluster.Administrator.RunAsync("patch", "-n", space, "tenantencryptionkey/key", "--type=merge", "-p", patch);
}
