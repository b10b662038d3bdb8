using System.Text;
using Byok.Import.Requests;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace Byok.Import.Serving;

/// <summary>
/// Puts an accepted upload where the key's ladder looks for it: still wrapped, in the Secret that the spec names. That
/// is all the API does to a key. It never takes an entry away from another field manager:
/// who put one there by Git keeps it.
/// </summary>
public sealed class Uploads(KubeClient kube)
{
    public const string ChildKind = "import";

    /// <summary>Annotation: when the upload was accepted.
    /// A later one is never replaced by an earlier one that is repeated.</summary>
    public const string AcceptedAnnotation = "byok.dev/import-accepted";

    /// <summary>Null when it stands.</summary>
    public async Task<ImportProblem?> StoreAsync(
        ImportTarget.Wanted target, Redemption.Accepted accepted, CancellationToken cancellation)
    {
        var api = kube.Api<Secret>();
        var address = target.Secret.Key;
        if (accepted.IsRepetition
            && IsSettled(await kube.Api<PartialObject<Secret>>().TryGetAsync(address, cancellation), accepted.Request))
        {
            return ImportProblem.TokenUsed;
        }

        try
        {
            await api.ApplyAsync(Build(target, accepted), ImportObjects.FieldManager, cancellation, force: false);
            return null;
        }
        catch (KubeException refused) when (refused.Status.IsConflict || refused.Status.IsInvalid)
        {
            return ImportProblem.SecretTaken; // fields of another manager, another type, or immutable
        }
    }

    /// <summary>Stored already, or overtaken by a later upload.</summary>
    private static bool IsSettled(PartialObject<Secret>? standing, ImportRequest request) =>
        standing?.Metadata.Annotations is { } annotations
        && (annotations.GetValueOrDefault(ImportRequest.Annotation) == request.Id
            || RequestSecret.ReadTime(annotations.GetValueOrDefault(AcceptedAnnotation)) > request.UsedAt);

    private static Secret Build(ImportTarget.Wanted target, Redemption.Accepted accepted) => new()
    {
        Metadata = target.Secret with
        {
            Annotations = new Dictionary<string, string>
            {
                [ImportRequest.Annotation] = accepted.Request.Id,
                [AcceptedAnnotation] = RequestSecret.Write(accepted.Request.UsedAt ?? default),
            },
        },
        Type = "Opaque",
        Data = new Dictionary<string, byte[]>
        {
            [target.WrappedKeyEntry] = Encoding.ASCII.GetBytes(Convert.ToBase64String(accepted.Ciphertext)),
            [target.KeyHashEntry] = Encoding.ASCII.GetBytes(accepted.KeyHash),
        },
    };
}
