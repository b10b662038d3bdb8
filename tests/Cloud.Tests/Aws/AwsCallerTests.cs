using Cloud.Aws.Calling;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws;

public sealed class AwsCallerTests
{
    [Fact]
    public void A_session_is_its_role_under_any_path() =>
        AwsCaller.FromArn("arn:aws-us-gov:sts::111122223333:assumed-role/byok/pod-7").Patterns
            .ShouldBe(["arn:aws-us-gov:iam::111122223333:role/byok", "arn:aws-us-gov:iam::111122223333:role/*/byok"]);

    [Fact]
    public void A_role_given_in_full_is_only_itself() =>
        AwsCaller.FromArn("arn:aws:iam::111122223333:role/team/byok").Patterns
            .ShouldBe(["arn:aws:iam::111122223333:role/team/byok"]);

    [Theory]
    [InlineData("byok")]
    [InlineData("arn:elsewhere:iam::111122223333:role/byok")]
    public void What_is_no_role_is_refused(string arn) =>
        Should.Throw<CloudException>(() => AwsCaller.FromArn(arn)).Problem.ShouldBeOfType<CloudProblem.Refused>();
}
