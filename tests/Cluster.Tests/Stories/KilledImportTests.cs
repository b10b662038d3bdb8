using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Cloud.Aws;
using Cloud.Keys;
using Cluster.Tests.Primitives;
using LocalCloud;
using LocalCloud.Faults;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Stories;

/// <summary>A secret goes into three regions while KMS errs at each call and
/// the operator is killed after each call.</summary>
[Collection(AloneOnTheCluster.Name)]
[Trait("Server", "kubernetes")]
public sealed class KilledImportTests(RealCluster cluster) : IClassFixture<RealCluster>
{
    private static readonly string[] regions = [AwsScene.Region, "eu-central-1", "us-east-1"];
    private static readonly string[] changes =
        ["CreateKey", "CreateAlias", "GetParametersForImport", "ImportKeyMaterial"];
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public async Task Each_region_ends_with_one_key_of_the_same_secret_whatever_call_was_interrupted()
    {
        await using var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { CallLogCapacity = 200_000 });
        await using var space = await cluster.NamespaceAsync("import");
        foreach (var operation in changes)
        {
            cloud.Admin.AddFault(
                new FaultRule(new FaultEffect.Fail(500)) { Service = "kms", Operation = operation, Count = 1 });
            cloud.Admin.AddFault(
                new FaultRule(new FaultEffect.LoseAnswer())
                {
                    Service = "kms",
                    Operation = operation,
                    Skip = 1,
                    Count = 1,
                });
            cloud.Admin.AddFault(
                new FaultRule(new FaultEffect.Drop()) { Service = "kms", Operation = operation, Skip = 3, Count = 1 });
        }

        var replica = Start(cloud);
        try
        {
            await ApplyAsync(space.Name);
            HashSet<(string?, string)> killed = [];
            await Until.HoldsAsync("the key is usable in three regions", patience: LastResort.AmongKills,
                look: async () =>
                {
                    var fresh = cloud.Admin.Calls().Where(call => changes.Contains(call.Operation))
                        .Select(call => (call.Region, call.Operation)).FirstOrDefault(call => !killed.Contains(call));
                    if (fresh.Operation is not null)
                    {
                        killed.Add(fresh);
                        await replica.KillAsync();
                        await replica.DisposeAsync();
                        replica = Start(cloud);
                    }

                    var status = (await cluster.Administrator.GetAsync("tenantencryptionkey", "key", "-n",
                        space.Name))["status"];
                    return IsReady(status) && killed.Count == regions.Length * changes.Length ? null
                        : $"{killed.Count} kills; {status?.ToJsonString() ?? "no status"}";
                });

            var made = cloud.Admin.Calls()
                .Count(call => call.Operation == "CreateKey" && call.ErrorCode is null or "Dropped");
            var living = regions.Select(region => cloud.Admin.LivingKeys(LocalCloudAccounts.Platform, region)).ToList();
            TestContext.Current.SendDiagnosticMessage(
                $"{killed.Count} kills, {made} keys asked for, alive per region: {string.Join(", ", living)}; "
                    + $"{Load.Now}");
            living.ShouldBe([1, 1, 1], "a key is left that nobody knows of");
            await HoldTheSecretAsync(cloud,
                (await cluster.Administrator.GetAsync("tenantencryptionkey", "key", "-n", space.Name))["status"]!);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{replica.Log}");
        }
        finally
        {
            await replica.DisposeAsync();
        }
    }

    /// <summary>KMS takes no other material than the first into a key: what it takes once more was there.</summary>
    private async Task HoldTheSecretAsync(LocalCloudServer cloud, JsonNode status)
    {
        using var aws = AwsCloud.Create(
            new AwsOptions
            {
                OperatorRoleArn = LocalCloudAccounts.OperatorRole,
                AccessKey = new AwsAccessKey(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret),
                HomeRegion = AwsScene.Region,
                KmsEndpoint = cloud.Url.AbsoluteUri,
                S3Endpoint = cloud.Url.AbsoluteUri,
                StsEndpoint = cloud.Url.AbsoluteUri,
            },
            TimeProvider.System,
            NullLoggerFactory.Instance);
        foreach (var region in regions)
        {
            var id = (string)status["keys"]!.AsArray().Single(key => (string?)key!["region"] == region)!["id"]!;
            var place = new ImportPlace(new ImportedKeyOwner("", "", ""), region); // its id tells the key
            (await aws.ImportedKeys.ImportAsync(place, new KeyRef(region, id), secret, new MaterialExpiry.Never(), null,
                TestContext.Current.CancellationToken))
                .ShouldBeOfType<ImportOutcome.Imported>();
        }
    }

    private async Task ApplyAsync(string space)
    {
        var pem = "";
        await Until.HoldsAsync("the platform's public key is published", async () =>
        {
            var map = await cluster.Administrator.FindAsync("-n", OperatorManifests.Namespace,
                "configmap/byok-wrapping-public-platform");
            pem = (string?)map?["data"]?["public.pem"] ?? "";
            return pem.Length > 0 ? null : "no ConfigMap";
        });
        using var platform = RSA.Create();
        platform.ImportFromPem(pem);
        await cluster.Administrator.ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: handed-over, namespace: {{space}}}
            data:
              wrappedKey: {{Convert.ToBase64String(platform.Encrypt(secret, RSAEncryptionPadding.OaepSHA256))}}
            stringData:
              keyHash: {{Convert.ToBase64String(SHA256.HashData(secret))}}
            ---
            apiVersion: byok.dev/v1alpha1
            kind: TenantEncryptionKey
            metadata: {name: key, namespace: {{space}}}
            spec:
              state: Active
              revocation: {probeInterval: 1s, maxStaleness: 10m}
              imported:
                aws: {regions: [{{string.Join(", ", regions)}}]}
                wrappedKeyFrom: {secretName: handed-over}
            """, "--validate=false");
    }

    private ChildProcess Start(LocalCloudServer cloud) =>
        cluster.StartOperator(cloud, "none", "--lease-duration", "5s", "--cloud-settling", "10s");

    private static bool IsReady(JsonNode? status) =>
        status?["keys"]?.AsArray().Count == regions.Length && AwsScene.IsTrue(status, "Ready");
}
