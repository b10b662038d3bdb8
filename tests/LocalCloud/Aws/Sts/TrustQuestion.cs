using LocalCloud.Aws.Iam;
using Microsoft.Extensions.Primitives;

namespace LocalCloud.Aws.Sts;

/// <summary>AssumeRole as a trust policy sees it.</summary>
internal sealed class TrustQuestion(Principal caller, string? externalId) : PolicyQuestion(caller)
{
    protected override StringValues FindSpecific(string key) => key == "sts:externalid" ? externalId : default;
}
