using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Policies;

/// <summary>
/// The same table before an evaluator that is not ours. Where it and LocalCloud differ, AWS' documentation decides, and
/// the case is named here with its source. There is no such case.
/// </summary>
[Trait("Server", "iam")]
public sealed class IndependentJudgeTests(IamJudge judge) : IClassFixture<IamJudge>
{
    public static TheoryData<string> Names => PolicyTableTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_judged_as_it_should_be(string name)
    {
        var asked = PolicyCases.All.Single(one => one.Name == name);
        judge[asked].ShouldBeOneOf(asked.IsAllowed ? ["Allowed"] : ["ImplicitlyDenied", "ExplicitlyDenied"]);
    }
}
