using Cloud.Stores;

namespace Cloud.Objects;

/// <summary>A place that others may write to beside us: see <see cref="StoreRef.IsHeld"/>.</summary>
public static class HeldPlace
{
    /// <summary>Something that is not ours stands where a copy is to stand, or where one is to be deleted.</summary>
    public const string TakenCode = "SharedPlaceNotEmpty";

    /// <summary>As it is written to, and deleted from. S3's statement holds a prefix as a whole,
    /// and nobody writes beside us there.</summary>
    public static StoreRef Of(StoreRef shared) => shared with { IsHeld = shared.Cloud == CloudKind.Azure };

    /// <param name="key">What it is called.</param>
    public static CloudProblem.Refused Taken(string key) =>
        new(TakenCode, $"'{key}' in the shared place is not the operator's copy: somebody wrote it there")
        {
            Fix =
                "something that the operator did not copy stands under that name in the shared place, and is neither "
                    + "written over nor deleted:"
                    + " move it away, or delete it",
        };
}
