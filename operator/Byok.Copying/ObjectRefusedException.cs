using Cloud;
using Cloud.Objects;

namespace Byok.Copying;

/// <summary>The store will not have this object copied, however often it is asked.</summary>
public sealed class ObjectRefusedException(ObjectVersion version, CloudProblem.Refused problem)
    : Exception($"'{version.Key}' can't be copied: {problem.Fix ?? problem.Message}")
{
    public RefusedObject Refused { get; } =
        new(version.Key, version.VersionId, problem.Code, problem.Fix ?? problem.Message);
}
