using Cloud;
using Kube.Core;

namespace ByokOperator.Copies;

/// <summary>One copy to run: for which store, under which fingerprint, in how many shards,
/// with which worker flags.</summary>
/// <param name="Arguments">Starts with the verb <c>copy</c>; no secret is an argument.</param>
internal sealed record CopyOrderForJob(
    ObjectKey Store, string StoreUid, string Fingerprint, int Attempt, int Shards, IReadOnlyList<string> Arguments)
{
    /// <summary>Where the copy takes place: what the pods need besides differs.</summary>
    public CloudKind Cloud { get; init; }

    /// <summary>Writers wait for it: it waits for nobody.</summary>
    public bool IsUrgent { get; init; }
}
