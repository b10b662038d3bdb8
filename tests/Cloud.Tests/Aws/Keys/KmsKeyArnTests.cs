using Cloud.Aws.Keys;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Keys;

public sealed class KmsKeyArnTests
{
    private const string Id = "1234abcd-12ab-34cd-56ef-1234567890ab";

    [Theory]
    [InlineData($"arn:aws:kms:eu-west-1:111122223333:key/{Id}", "eu-west-1")]
    [InlineData($"arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/{Id}", "us-gov-west-1")]
    [InlineData($"arn:aws-cn:kms:cn-north-1:111122223333:key/{Id}", "cn-north-1")]
    [InlineData($"arn:aws-eusc:kms:eusc-de-east-1:111122223333:key/{Id}", "eusc-de-east-1")]
    [InlineData("arn:aws:kms:ap-southeast-3:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab", "ap-southeast-3")]
    public void A_full_key_arn_is_read_and_written_back(string text, string region)
    {
        KmsKeyArn.TryParse(text, region, out var key, out var problem).ShouldBeTrue(problem);
        key!.ToString().ShouldBe(text);
        key.Region.ShouldBe(region);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("alias/acme", "alias")]
    [InlineData("arn:aws:kms:eu-west-1:111122223333:alias/acme", "alias")]
    [InlineData(Id, "key id without account and region")]
    [InlineData("arn:aws:kms:eu-west-1", "not an ARN")]
    [InlineData("hello", "not an ARN")]
    [InlineData($"arn:aws:kms:eu-west-1:111122223333:key/{Id} ", "not an ARN")]
    [InlineData("arn:aws:s3:::bucket", "not of a KMS key")]
    [InlineData($"arn:aws:iam::111122223333:key/{Id}", "not of a KMS key")]
    [InlineData($"arn:aws-iso:kms:us-iso-east-1:111122223333:key/{Id}", "partition 'aws-iso'")]
    [InlineData($"arn:aws:kms:us-gov-west-1:111122223333:key/{Id}", "is in 'aws-us-gov'")]
    [InlineData($"arn:aws:kms:eusc-de-east-1:111122223333:key/{Id}", "is in 'aws-eusc'")]
    [InlineData($"arn:aws-cn:kms:eu-west-1:111122223333:key/{Id}", "is in 'aws'")]
    [InlineData($"arn:aws:kms:eu-west-1:1111:key/{Id}", "twelve digits")]
    [InlineData($"arn:aws:kms::111122223333:key/{Id}", "region")]
    [InlineData("arn:aws:kms:eu-west-1:111122223333:key/acme", "key id")]
    [InlineData($"arn:aws:kms:eu-west-1:111122223333:key/{Id}/x", "key id")]
    public void What_is_wrong_is_named(string text, string words)
    {
        KmsKeyArn.TryParse(text, out _, out var problem).ShouldBeFalse();
        problem!.ShouldContain(words);
    }

    [Fact]
    public void A_key_of_another_region_is_refused_with_both_regions_named()
    {
        KmsKeyArn.TryParse($"arn:aws:kms:eu-west-1:111122223333:key/{Id}", "eu-central-1", out _, out var problem)
            .ShouldBeFalse();
        problem!.ShouldContain("eu-west-1");
        problem.ShouldContain("eu-central-1");
    }

    [Fact]
    public void A_key_of_another_partition_is_refused_as_such()
    {
        KmsKeyArn.TryParse($"arn:aws:kms:eu-west-1:111122223333:key/{Id}", "us-gov-west-1", out _, out var problem)
            .ShouldBeFalse();
        problem!.ShouldContain("partition");
    }
}
