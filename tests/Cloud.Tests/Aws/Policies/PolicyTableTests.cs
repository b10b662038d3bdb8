using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Policies;

/// <summary>The policies that the operator writes, or asks tenants for, mean what they should.</summary>
public sealed class PolicyTableTests
{
    public static TheoryData<string> Names => [.. PolicyCases.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void LocalCloud_judges_it_as_it_should_be(string name)
    {
        var asked = PolicyCases.All.Single(one => one.Name == name);
        LocalCloudJudge.Allows(asked).ShouldBe(asked.IsAllowed);
    }
}
