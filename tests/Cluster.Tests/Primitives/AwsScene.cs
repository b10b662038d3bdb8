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

    /// <summary>A tenant's key that lets the operator in as <c>byok-operator policy</c> says.</summary>
    public static async Task<string> CreateKeyAsync(LocalCloudServer cloud, string account = LocalCloudAccounts.Tenant)
    {
        var arn = cloud.Admin.CreateKey(account, Region);
        cloud.Admin.SetKeyPolicy(arn,
            (await Command.RunAsync(Programs.OperatorPath,
                ["policy", "--key", arn, "--operator-role", LocalCloudAccounts.OperatorRole])).Require());
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
