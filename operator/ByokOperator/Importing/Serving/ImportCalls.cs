using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Importing.Requests;
using Kube.Client;

namespace ByokOperator.Importing.Serving;

/// <summary>The two calls, for a caller that was let in.</summary>
internal sealed class ImportCalls(KubeClient kube, ImportRequests requests, TimeProvider time)
{
    private readonly Uploads uploads = new(kube);

    /// <summary>Hands out a fresh public key and a token.</summary>
    public async Task<Reply> RequestAsync(Call call, ApiKeyRecord caller, CancellationToken cancellation)
    {
        var (_, problem) = await TargetAsync(caller, cancellation);
        if (problem is not null)
        {
            return new Reply.No(problem);
        }

        switch (await requests.IssueAsync(caller.Key, cancellation))
        {
            case Issuance.Issued issued:
                call.RequestId = issued.Request.Id;
                return new Reply.Handed(new RequestAnswer(issued.Request.PublicKeyPem, issued.Token.Reveal(), ImportRequest.Algorithm, issued.Request.ExpiresAt, issued.Request.Id));
            case Issuance.TooManyOpen full:
                return new Reply.No(ImportProblem.TooManyOpen(full.FreeAt - time.GetUtcNow()));
            case Issuance.NotReady:
                return new Reply.No(ImportProblem.NotReady);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Takes an upload: judged here, in memory; stored as it came, wrapped.</summary>
    public async Task<Reply> UploadAsync(Call call, ApiKeyRecord caller, UploadBody body, CancellationToken cancellation)
    {
        var (target, problem) = await TargetAsync(caller, cancellation);
        if (target is null)
        {
            return new Reply.No(problem!);
        }

        call.RequestId = Requests.ImportToken.Parse(body.ImportToken)?.Id;
        switch (await requests.RedeemAsync(caller.Key, body.ImportToken, body.KeyMaterial, target.AllowsLegacyWrapping, cancellation))
        {
            case Redemption.Accepted accepted:
                return await uploads.StoreAsync(target, accepted, cancellation) is { } taken ? new Reply.No(taken) : new Reply.Taken(new UploadAnswer("Accepted", accepted.Request.Id));
            case Redemption.Malformed wrong:
                return new Reply.No(ImportProblem.Malformed(wrong.Code, wrong.Message));
            case Redemption.NotOpened:
                return new Reply.No(ImportProblem.Refused);
            case Redemption.Unknown:
                return new Reply.No(ImportProblem.TokenUnknown);
            case Redemption.Expired or Redemption.Lost:
                return new Reply.No(ImportProblem.TokenExpired);
            case Redemption.Used:
                return new Reply.No(ImportProblem.TokenUsed);
            case Redemption.Exhausted:
                return new Reply.No(ImportProblem.TokenExhausted);
            default:
                throw new UnreachableException();
        }
    }

    private async Task<(ImportTarget? Target, ImportProblem? Problem)> TargetAsync(ApiKeyRecord caller, CancellationToken cancellation)
    {
        var key = await kube.Api<TenantEncryptionKey>().TryGetAsync(caller.Key, cancellation);
        return key is null || key.Metadata.DeletionTimestamp is not null ? (null, ImportProblem.KeyMissing)
            : ImportTarget.Of(key) is { } target ? (target, null)
            : (null, ImportProblem.NotWanted);
    }
}
