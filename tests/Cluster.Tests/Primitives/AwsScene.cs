using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.S3;
using LocalCloud;

namespace Cluster.Tests.Primitives;

/// <summary>What stories on AWS share: a cloud of the test's own, replicas that reach it,
/// its S3 as the test sees it.</summary>
internal static class AwsScene
{
    public const string Region = "eu-west-1";
    private const string Secret = "byok-aws";

    /// <summary>A replica outside the cluster that calls <paramref name="cloud"/> as the operator's role.</summary>
    public static ChildProcess StartOperator(
        this RealCluster cluster, LocalCloudServer cloud, string image, params string[] arguments) =>
            cluster.StartOperator(
            new Dictionary<string, string>
            {
                ["AWS_ENDPOINT_URL"] = cloud.Url.AbsoluteUri,
                ["AWS_REGION"] = Region,
                ["AWS_ACCESS_KEY_ID"] = LocalCloudAccounts.OperatorAccessKey,
                ["AWS_SECRET_ACCESS_KEY"] = LocalCloudAccounts.OperatorSecret,
            },
            ["--namespace", OperatorManifests.Namespace, "--listen", "127.0.0.1:0", "--image", image,
                "--aws-operator-role", LocalCloudAccounts.OperatorRole, .. arguments]);

    /// <summary>A replica whose copy pods run on the cluster's node, and call <paramref name="cloud"/> with what
    /// <see cref="GiveCredentialsAsync"/> put there.</summary>
    public static ChildProcess StartCopyingOperator(this RealCluster cluster, LocalCloudServer cloud) =>
        cluster.StartOperator(
            cloud, RealCluster.OperatorImage, "--image-pull-policy", "Never", "--copy-host-network",
            "--copy-env-from-secret", Secret, "--copy-cpu", "10m", "--lease-duration", "5s");

    public static Task<string> GiveCredentialsAsync(this RealCluster cluster) => cluster.Administrator.ApplyAsync($$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: {{Secret}}, namespace: {{OperatorManifests.Namespace}}}
        stringData:
          AWS_ACCESS_KEY_ID: {{LocalCloudAccounts.OperatorAccessKey}}
          AWS_SECRET_ACCESS_KEY: {{LocalCloudAccounts.OperatorSecret}}
        """);

    /// <summary>A tenant's key that lets the operator in as <c>byok-operator policy</c> says.</summary>
    /// <param name="cloud">Where.</param>
    /// <param name="account">Whose it is.</param>
    /// <param name="more">Options of <c>policy</c> besides key and operator.</param>
    public static async Task<string> CreateKeyAsync(
        LocalCloudServer cloud, string account = LocalCloudAccounts.Tenant, params string[] more)
    {
        var arn = cloud.Admin.CreateKey(account, Region);
        cloud.Admin.SetKeyPolicy(arn,
            (await Command.RunAsync(Programs.OperatorPath,
                ["policy", "--key", arn, "--operator-role", LocalCloudAccounts.OperatorRole, .. more])).Require());
        return arn;
    }

    public static AmazonS3Client S3(LocalCloudServer cloud, string accessKey, string secret, int retries = 4) => new(
        new BasicAWSCredentials(accessKey, secret),
        new AmazonS3Config
        {
            ServiceURL = cloud.Url.AbsoluteUri,
            ForcePathStyle = true,
            AuthenticationRegion = Region,
            Timeout = TimeSpan.FromMinutes(5),
            MaxErrorRetry = retries,
        });

    public static bool IsTrue(JsonNode? status, string condition) =>
        status?["conditions"]?.AsArray()
            .Any(one => (string?)one!["type"] == condition && (string?)one["status"] == "True") == true;
}
