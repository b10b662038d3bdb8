using ByokOperator.Cluster;
using ByokOperator.Commands;
using ByokOperator.Hosting;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Commands;

public sealed class OptionRulesTests
{
    private static readonly OperatorOptions good =
        new() { Namespace = "byok-system", CopyPods = new CopyPodOptions { Image = "byok-operator" } };

    [Fact]
    public void What_the_flags_default_to_is_allowed() => OptionRules.Violations(good).ShouldBeEmpty();

    [Fact]
    public void A_lease_too_short_to_be_renewed_is_refused_by_the_name_of_its_flag() =>
        OptionRules.Violations(good with { Lease = new LeaseOptions { Duration = TimeSpan.FromSeconds(4.9) } })
            .ShouldHaveSingleItem().ShouldContain("--lease-duration is under 5s");

    [Theory]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(600)]
    public void Of_every_lease_that_is_allowed_a_holder_gives_up_before_its_fence_falls_and_tries_before_it_gives_up(
        int seconds)
    {
        var lease = new LeaseOptions { Duration = TimeSpan.FromSeconds(seconds) };

        OptionRules.Violations(good with { Lease = lease }).ShouldBeEmpty();
        lease.RenewDeadline.ShouldBeLessThan(lease.Duration - lease.SafetyMargin);
        lease.RetryPeriod.ShouldBeLessThan(lease.RenewDeadline);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void A_number_of_workers_that_stops_or_floods_is_refused(int workers) =>
        OptionRules.Violations(good with { Workers = workers }).ShouldHaveSingleItem().ShouldContain("--workers");

    [Theory]
    [InlineData("8080")]
    [InlineData(":8080")]
    [InlineData("0.0.0.0:http")]
    public void An_address_without_host_or_port_is_refused(string listen) =>
        OptionRules.Violations(good with { Listen = listen }).ShouldHaveSingleItem().ShouldContain("--listen");

    [Fact]
    public void An_operator_without_an_image_for_its_copy_pods_is_refused() =>
        OptionRules.Violations(good with { CopyPods = new CopyPodOptions() }).ShouldHaveSingleItem()
            .ShouldContain("--image");

    [Fact]
    public void A_user_where_a_role_must_stand_is_refused() =>
        OptionRules.Violations(
            good with { Aws = new AwsAccess { OperatorRoleArn = "arn:aws:iam::111122223333:user/somebody" } })
            .ShouldHaveSingleItem().ShouldContain("--aws-operator-role");

    [Theory]
    [InlineData("eu-west-1", "is not REGION=ARN")]
    [InlineData("eu-west-1=alias/control", "is an alias")]
    [InlineData("eu-west-1=arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "is in us-east-1, but eu-west-1 is asked for")]
    [InlineData(
        "eu-west-1=arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab,eu-west-1=arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ac",
        "eu-west-1 has two control keys")]
    public void A_control_key_that_is_none_is_refused_with_its_mend(string text, string mend) =>
        OptionRules.Violations(good with { Aws = new AwsAccess { ControlKeys = [text] } })
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(said => said.ShouldContain("--aws-control-keys"),
                said => said.ShouldContain(mend));

    [Fact]
    public void Control_keys_are_given_in_one_text_or_in_several()
    {
        const string West = "eu-west-1=arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        const string East = "us-east-1=arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

        foreach (var texts in new[] { new[] { $"{West}, {East}," }, [West, East, West] })
        {
            OptionRules.Violations(good with { Aws = new AwsAccess { ControlKeys = texts } }).ShouldBeEmpty();
            Launch.AwsOptionsOf(new AwsAccess { ControlKeys = texts }).ControlKeys.Keys
                .ShouldBe(["eu-west-1", "us-east-1"], ignoreOrder: true);
        }
    }
}
