using ByokOperator.Records;
using ByokOperator.Reconciling;
using Cloud;
using Cloud.Stores;

namespace ByokOperator.Returning;

/// <summary>The shared place as a return finds it.</summary>
/// <param name="IsEmpty">No version and no delete marker under the prefix.</param>
/// <param name="Hold">The token of the fence that stands there for a return of this store;
/// null where none does.</param>
internal sealed record ReturnPlace(bool Exists, bool IsEmpty, string? Hold)
{
    /// <summary>Why nothing can be moved to a place of this kind; null where nothing is known against it.</summary>
    public CloudProblem.Refused? Unfit { get; init; }

    /// <summary>The store keeps versions, and the place would not.</summary>
    public bool LosesVersions { get; init; }

    /// <summary>What it encrypts by; null where nothing tells, or nobody asked because it is on record.</summary>
    public SharedDefault? Default { get; init; }

    /// <summary>That is a tenant's key, or may be one.</summary>
    public bool IsUnderTenantKey { get; init; }

    /// <summary>Why nothing is brought back there as things stand; null where nothing speaks against it.</summary>
    /// <param name="wayOut">How the return is taken back.</param>
    public FailureText? Unready(string wayOut) => Faults(wayOut).FirstOrDefault();

    /// <summary>Everything that speaks against it, the first thing to be seen to first.</summary>
    public IEnumerable<FailureText> Faults(string wayOut)
    {
        if (!Exists)
        {
            yield return new("SharedPlaceMissing",
                $"the shared place is not there any more: make it again, in the store's region, or {wayOut}",
                NeedsPerson: true);
            yield break;
        }

        if (Unfit is { } unfit)
        {
            yield return new(unfit.Code, unfit.Message, NeedsPerson: true);
        }

        if (!IsEmpty)
        {
            yield return new("SharedPlaceNotEmpty",
                $"something stands under the prefix of the shared place, and nothing is written over it: move it "
                    + $"away, or {wayOut}", NeedsPerson: true);
        }

        if (LosesVersions)
        {
            yield return new("SharedPlaceKeepsNoVersions",
                $"the store keeps versions of objects and the shared place does not: turn versioning on there, or "
                    + $"{wayOut}", NeedsPerson: true);
        }

        if (StoreReturn.Fault(Default?.Algorithm, Default?.KeyId) is { } fault)
        {
            yield return new("SharedDefaultUnclear", $"the shared place: {fault}", NeedsPerson: true);
        }

        if (IsUnderTenantKey)
        {
            yield return new("SharedPlaceUnderTenantKey",
                "the default encryption of the shared place is by a tenant's key: what is brought back there would "
                    + "stand under that; give it one of the platform's own", NeedsPerson: true);
        }
    }

    /// <summary>In words for whoever consents.</summary>
    public string Words =>
        Default is { } by ? $"{by.Algorithm}{(by.KeyId is { } key ? $" under {key}" : "")}" : "what its default says";
}
