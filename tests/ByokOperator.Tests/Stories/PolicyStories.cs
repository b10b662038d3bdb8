using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Reports;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>What others write into a store's policy holds no closing up, and stands there again afterwards.</summary>
public sealed class PolicyStories
{
    [Theory]
    [InlineData("MalformedPolicy")]
    [InlineData("AccessDenied")]
    public async Task A_statement_that_S3_takes_no_more_keeps_no_store_open_and_the_others_come_back(string refusal)
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;
        var platform =
            tenant.Stage.S3(LocalCloudAccounts.PlatformAdminAccessKey, LocalCloudAccounts.PlatformAdminSecret);
        await SpoilAsync(tenant, platform, bucket, refusal);

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        var closed = await tenant.UntilClosedAsync();

        (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");
        (await SidsAsync(platform, bucket)).ShouldNotContain("Theirs");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{refusal}: availability {closed.Status!.Availability}, "
                + $"{string.Join(", ", closed.Status.Conditions.Select(one => $"{one.Type}={one.Status}"))}, LIST "
                + $"refused, policy {string.Join(' ', await SidsAsync(platform, bucket))}");

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Enabled");
        await tenant.UntilReadyAsync();
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
        var sids = await SidsAsync(platform, bucket);
        sids.ShouldContain("Keeps");
        sids.ShouldNotContain("Theirs");
        sids.ShouldNotContain("ByokClosed");
        var report = await tenant.Stage.Kube.Api<ConfigMap>()
            .TryGetAsync(new ObjectKey(Tenant.Namespace, "store-report"), CancellationToken.None);
        report!.Data!["report.json"].ShouldContain($"Theirs: {refusal}");
        report.Data["report.json"].ShouldContain(DeviationCodes.NotPutBack);
        TestContext.Current.TestOutputHelper?.WriteLine($"{refusal}: opened, policy {string.Join(' ', sids)}");
    }

    /// <summary>A statement that stands and would not be taken again, beside one that would.</summary>
    private static async Task SpoilAsync(Tenant tenant, IAmazonS3 platform, string bucket, string refusal)
    {
        var role = $"arn:aws:iam::{LocalCloudAccounts.Platform}:role/gone";
        tenant.Cloud.AddPrincipal(role);
        var policy = JsonNode.Parse((await platform.GetBucketPolicyAsync(bucket)).Policy)!;
        policy["Statement"]!.AsArray()
            .Add(Statement("Theirs", refusal == "MalformedPolicy" ? $$"""{"AWS":"{{role}}"}""" : "\"*\"", bucket));
        policy["Statement"]!.AsArray()
            .Add(Statement("Keeps", $$"""{"AWS":"{{LocalCloudAccounts.WorkloadRole}}"}""", bucket));
        await BlockPublicAsync(platform, bucket, isBlocked: false);
        await platform.PutBucketPolicyAsync(bucket, policy.ToJsonString());
        await BlockPublicAsync(platform, bucket, isBlocked: true);
        tenant.Cloud.DeletePrincipal(role);
    }

    private static JsonNode Statement(string sid, string principal, string bucket) => JsonNode.Parse(
        $$"""{"Sid":"{{sid}}","Effect":"Allow","Principal":{{principal}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::{{bucket}}/*"}""")!;

    private static async Task BlockPublicAsync(IAmazonS3 platform, string bucket, bool isBlocked) =>
        await platform.PutPublicAccessBlockAsync(new PutPublicAccessBlockRequest
        {
            BucketName = bucket,
            PublicAccessBlockConfiguration = new PublicAccessBlockConfiguration
            {
                BlockPublicAcls = isBlocked, BlockPublicPolicy = isBlocked, IgnorePublicAcls = isBlocked,
                RestrictPublicBuckets = isBlocked,
            },
        });

    private static async Task<IReadOnlyList<string>> SidsAsync(IAmazonS3 platform, string bucket) =>
    [
        .. JsonNode.Parse((await platform.GetBucketPolicyAsync(bucket)).Policy)!["Statement"]!.AsArray()
            .Select(statement => statement!["Sid"]!.ToString()),
    ];
}
