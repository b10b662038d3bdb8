using Amazon.Runtime;
using Shouldly;

namespace LocalCloud.Tests;

internal static class Expect
{
    /// <summary>The call fails with exactly this status and code, as the SDK reports them.</summary>
    public static async Task<AmazonServiceException> Problem(int status, string code, Func<Task> call)
    {
        var problem = await Should.ThrowAsync<AmazonServiceException>(call);
        $"{(int)problem.StatusCode} {problem.ErrorCode}".ShouldBe($"{status} {code}");
        return problem;
    }
}
