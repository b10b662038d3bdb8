using Byok.Material;
using Kube.Core;

namespace Byok.Import.Requests;

/// <summary>Requests as an import of a key sees them: the private half of a pair that was handed out,
/// and the end of it.</summary>
public interface IImportRequests
{
    /// <summary>What stands for a key, newest first, private halves sealed.</summary>
    Task<IReadOnlyList<ImportRequest>> FindAsync(ObjectKey key, CancellationToken cancellation);

    /// <summary>
    /// The private halves that may open what was uploaded for a key, newest first: of the request that the uploaded
    /// Secret names, or of all that still stand where it names none. Empty where nothing stands.
    /// The caller disposes of each.
    /// </summary>
    Task<IReadOnlyList<WrappingKey>> OpenersAsync(ObjectKey key, string? requestId, CancellationToken cancellation);

    /// <summary>Ends a request whose material has been imported: its private half is gone from the cluster.</summary>
    Task ForgetAsync(ObjectKey key, string requestId, CancellationToken cancellation);
}
