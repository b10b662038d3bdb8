using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Importing.Requests;
using Kube.Client;

namespace ByokOperator.Importing.Serving;

/// <summary>The two calls, for a caller that was let in.</summary>
internal sealed class ImportCalls(KubeClient kube, RequestIssuer issuer, RequestRedeemer redeemer, TimeProvider time)
{
    private readonly Uploads uploads = new(kube);

    /// <summary>Hands out a fresh public key and a token.</summary>
    public async Task<Reply> RequestAsync(AuditRecord call, CancellationToken cancellation)
    {
        var key = call.Caller!.Key;
        if (await TargetAsync(key, cancellation) is (_, { } problem))
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
        var (target, problem) = await TargetAsync(key, cancellation);
        if (target is null)
        {
            return new Reply.Refused(problem!);
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

    private async Task<(ImportTarget? Target, ImportProblem? Problem)> TargetAsync(
        Kube.Core.ObjectKey name, CancellationToken cancellation)
    {
        var key = await kube.Api<TenantEncryptionKey>().TryGetAsync(name, cancellation);
        return key is null || key.Metadata.DeletionTimestamp is not null ? (null, ImportProblem.KeyMissing)
            : ImportTarget.Of(key) is { } target ? (target, null)
            : (null, ImportProblem.NotWanted);
    }
}
