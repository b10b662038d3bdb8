using System.Diagnostics;
using Byok.Import.Requests;
using Kube.Client;

namespace Byok.Import.Serving;

/// <summary>The two calls, for a caller that was let in.</summary>
public sealed class ImportCalls(
    KubeClient kube, IImportTargets targets, RequestIssuer issuer, RequestRedeemer redeemer, TimeProvider time)
{
    private readonly Uploads uploads = new(kube);

    /// <summary>Hands out a fresh public key and a token.</summary>
    public async Task<Reply> RequestAsync(AuditRecord call, CancellationToken cancellation)
    {
        var key = call.Caller!.Key;
        if (ProblemOf(await targets.FindAsync(key, cancellation)) is { } problem)
        {
            return new Reply.Refused(problem);
        }

        switch (await issuer.IssueAsync(key, cancellation))
        {
            case Issuance.Issued issued:
                call.RequestId = issued.Request.Id;
                return new Reply.Handed(
                    new RequestAnswer(issued.Request.PublicKeyPem, issued.Token.Reveal(), ImportRequest.Algorithm,
                        issued.Request.ExpiresAt, issued.Request.Id));
            case Issuance.TooMany full:
                return new Reply.Refused(ImportProblem.TooMany(full.FreeAt - time.GetUtcNow()));
            case Issuance.TenantFull full:
                return new Reply.Refused(ImportProblem.TenantFull(full.Limit, full.FreeAt - time.GetUtcNow()));
            case Issuance.NoTenant:
                return new Reply.Refused(ImportProblem.NoTenant);
            case Issuance.LimitUnknown:
                return new Reply.Refused(ImportProblem.LimitUnknown);
            case Issuance.NotReady:
                return new Reply.Refused(ImportProblem.NotReady);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Takes an upload: judged here, in memory; stored as it came, wrapped.</summary>
    public async Task<Reply> UploadAsync(AuditRecord call, UploadBody body, CancellationToken cancellation)
    {
        var key = call.Caller!.Key;
        var found = await targets.FindAsync(key, cancellation);
        if (found is not ImportTarget.Wanted target)
        {
            return new Reply.Refused(ProblemOf(found)!);
        }

        call.RequestId = ImportToken.Parse(body.ImportToken)?.Id;
        switch (await redeemer.RedeemAsync(key, body.ImportToken, body.KeyMaterial, target.AllowsLegacyWrapping,
            cancellation))
        {
            case Redemption.Accepted accepted:
                return await uploads.StoreAsync(target, accepted, cancellation) is { } taken ? new Reply.Refused(taken)
                    : new Reply.Taken(new UploadAnswer("Accepted", accepted.Request.Id));
            case Redemption.Malformed wrong:
                return new Reply.Refused(ImportProblem.Malformed(wrong.Code, wrong.Message));
            case Redemption.NotOpened:
                return new Reply.Refused(ImportProblem.Refused);
            case Redemption.Unknown:
                return new Reply.Refused(ImportProblem.TokenUnknown);
            case Redemption.Expired or Redemption.Lost:
                return new Reply.Refused(ImportProblem.TokenExpired);
            case Redemption.Used:
                return new Reply.Refused(ImportProblem.TokenUsed);
            case Redemption.Exhausted:
                return new Reply.Refused(ImportProblem.TokenExhausted);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Null where the import is wanted.</summary>
    private static ImportProblem? ProblemOf(ImportTarget target) => target switch
    {
        ImportTarget.Wanted => null,
        ImportTarget.Missing => ImportProblem.KeyMissing,
        ImportTarget.NotWanted => ImportProblem.NotWanted,
        _ => throw new UnreachableException(),
    };
}
