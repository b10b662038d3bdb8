using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Reencrypting;

/// <summary>Unfinished uploads that may be completed under an old key: no cloud tells under which,
/// so that their beginning has to.</summary>
internal static class OldUploads
{
    /// <summary>As many as are told of, or aborted, in one go.</summary>
    public const int MostAtOnce = 1_000;

    /// <returns>Some of them where there are more than <see cref="MostAtOnce"/>.</returns>
    public static async Task<IReadOnlyList<UnfinishedUpload>> FindAsync(
        IObjectEncryption encryption, StoreRef store, ReencryptionPlan plan, CancellationToken cancellation)
    {
        List<UnfinishedUpload> found = [];
        await foreach (var upload in encryption.ListUploadsAsync(store, "", cancellation))
        {
            if (upload.StartedAt <= plan.UploadsUntil)
            {
                found.Add(upload);
            }

            if (found.Count == MostAtOnce)
            {
                break;
            }
        }

        return found;
    }
}
