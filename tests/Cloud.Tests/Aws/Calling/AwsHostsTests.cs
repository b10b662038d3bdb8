using Cloud.Aws.Calling;
using Cloud.Keys;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Calling;

public sealed class AwsHostsTests
{
    [Theory]
    [InlineData("kms", "eu-west-1", "https://kms.eu-west-1.amazonaws.com/")]
    [InlineData("kms", "us-gov-west-1", "https://kms-fips.us-gov-west-1.amazonaws.com/")]
    [InlineData("kms", "eu-west-1", "https://kms.eu-west-1.api.aws/")]
    [InlineData("kms", "cn-north-1", "https://kms.cn-north-1.amazonaws.com.cn/")]
    [InlineData("kms", "eusc-de-east-1", "https://kms.eusc-de-east-1.amazonaws.eu/")]
    [InlineData("s3", "eu-west-1", "https://s3.eu-west-1.amazonaws.com/a")]
    [InlineData("s3", "eu-west-1", "https://byok-1.s3.eu-west-1.amazonaws.com/a")]
    [InlineData("s3", "eu-west-1", "https://a.dotted.bucket.s3.dualstack.eu-west-1.amazonaws.com/a")]
    [InlineData("s3", "us-east-1", "https://byok-1.s3.amazonaws.com/a")]
    [InlineData("sts", "us-east-1", "https://sts.amazonaws.com/")]
    public void A_services_own_hosts_are_allowed(string service, string region, string address) =>
        AwsHosts.Of(service, region, endpoint: null).Allows(new Uri(address)).ShouldBeTrue();

    [Theory]
    [InlineData("kms", "eu-west-1", "http://kms.eu-west-1.amazonaws.com/", "in clear")]
    [InlineData("kms", "eu-west-1", "https://kms.eu-west-1.amazonaws.com:8443/", "another port")]
    [InlineData("kms", "eu-west-1", "https://kms.us-east-1.amazonaws.com/", "another region")]
    [InlineData("kms", "eu-west-1", "https://x.kms.eu-west-1.amazonaws.com/",
        "a name before it, where there are no buckets")]
    [InlineData("kms", "eu-west-1", "https://kms.eu-west-1.amazonaws.com.evil.example/", "a name after it")]
    [InlineData("kms", "eu-west-1", "https://kms.eu-west-1.amazonaws.com.cn/", "another partition")]
    [InlineData("kms", "x.execute-api.us-east-1", "https://kms.x.execute-api.us-east-1.amazonaws.com/",
        "a region that is somebody's host")]
    [InlineData("kms", "evil.example/", "https://kms.evil.example/", "a region that is an address")]
    [InlineData("s3", "eu-west-1", "https://evils3.eu-west-1.amazonaws.com/", "no dot between")]
    [InlineData("s3", "eu-west-1", "https://user@byok-1.s3.eu-west-1.amazonaws.com/", "a user")]
    [InlineData("s3", "eu-west-1", "https://169.254.169.254/", "a number")]
    public void What_is_nearly_one_is_not(string service, string region, string address, string because) =>
        AwsHosts.Of(service, region, endpoint: null).Allows(new Uri(address)).ShouldBeFalse(because);

    [Theory]
    [InlineData("http://127.0.0.1:9000/bucket", true)]
    [InlineData("http://127.0.0.1:9001/bucket", false)]
    [InlineData("https://127.0.0.1:9000/bucket", false)]
    [InlineData("https://s3.eu-west-1.amazonaws.com/bucket", false)]
    public void An_endpoint_that_the_platform_configured_is_the_only_one(string address, bool isAllowed) =>
        AwsHosts.Of("s3", "eu-west-1", "http://127.0.0.1:9000").Allows(new Uri(address)).ShouldBe(isAllowed);

    /// <summary>Whoever could write a record's region would otherwise get a signed request, session token and all,
    /// at an API of his own.</summary>
    [Fact]
    public async Task A_region_that_names_somebodys_host_gets_no_request()
    {
        var wire = new ScriptedWire(_ => ScriptedWire.Json(200, "{}"));
        using var cloud = wire.Cloud(change: options => options with { KmsEndpoint = null, S3Endpoint = null });
        const string Region = "x.execute-api.us-east-1";

        var probed = await cloud.Keys.DescribeAsync(
            new KeyRef(Region, $"arn:aws:kms:{Region}:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
            CancellationToken.None)
            .ShouldThrowAsync<CloudException>();
        await cloud.Objects.ReadMarkAsync(new StoreRef(Region, "byok-1"), ".byok/pin.json", CancellationToken.None)
            .ShouldThrowAsync<CloudException>();

        probed.Problem.Code.ShouldBe("HostNotAllowed");
        wire.Requests.ShouldBeEmpty();
    }
}
