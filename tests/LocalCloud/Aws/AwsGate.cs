using System.Globalization;
using LocalCloud.Aws.Iam;

namespace LocalCloud.Aws;

/// <summary>Recognises callers: key known, not expired, clock near, signature right.</summary>
internal sealed class AwsGate(IdentityRegistry identities, TimeProvider clock, bool verifySignatures)
{
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(15);
    private static readonly Principal Anonymous = Principal.Of("arn:aws:iam::anonymous:anonymous", "", "");

    private readonly SignatureCheck signatures = new();

    public void Admit(AwsCall call, SignatureClaim? claim, string bodyHash)
    {
        if (claim is null)
        {
            if (call.Service != "s3")
            {
                throw new AwsProblem(call.Service == "kms" ? 400
                    : 403, call.Service == "kms" ? "MissingAuthenticationTokenException"
                        : "MissingAuthenticationToken", "Missing Authentication Token");
            }

            call.Caller = Anonymous;
            call.Claim = new SignatureClaim("", "", "", "s3", "", "", false);
            return;
        }

        call.Claim = claim;
        var credential = identities.Find(claim.AccessKey) ?? throw UnknownKey(call.Service);
        call.Caller = credential.Principal;
        DemandToken(call, credential, claim);
        DemandTime(call, claim);
        if (verifySignatures
            && !signatures.Fits(call.Request, call.Target, call.Query, claim,
                (credential.Secret, claim.InQuery ? "UNSIGNED-PAYLOAD" : bodyHash)))
        {
            const string text =
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                    + "Access Key and signing method.";
            throw call.Service switch
            {
                "kms" => new AwsProblem(400, "InvalidSignatureException", text),
                _ => new AwsProblem(403, "SignatureDoesNotMatch", text),
            };
        }
    }

    private void DemandToken(AwsCall call, Credential credential, SignatureClaim claim)
    {
        if (credential.Expires <= clock.GetUtcNow())
        {
            throw call.Service switch
            {
                "kms" =>
                    new AwsProblem(400, "ExpiredTokenException",
                        "The security token included in the request is expired"),
                "sts" => new AwsProblem(403, "ExpiredToken", "The security token included in the request is expired"),
                _ => new AwsProblem(400, "ExpiredToken", "The provided token has expired."),
            };
        }

        var shown = claim.InQuery ? call.Query["X-Amz-Security-Token"] : call.Header("x-amz-security-token");
        if (credential.Token is not null && shown != credential.Token)
        {
            throw call.Service == "s3"
                ? new AwsProblem(400, "InvalidToken", "The provided token is malformed or otherwise invalid.")
                : UnknownKey(call.Service);
        }
    }

    private void DemandTime(AwsCall call, SignatureClaim claim)
    {
        var stamp = claim.InQuery ? call.Query["X-Amz-Date"] : call.Header("x-amz-date");
        var now = clock.GetUtcNow();
        if (!DateTimeOffset.TryParseExact(stamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var signed))
        {
            throw new AwsProblem(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
        }

        if (claim.InQuery)
        {
            var seconds = int.TryParse(call.Query["X-Amz-Expires"], CultureInfo.InvariantCulture, out var given) ? given
                : 0;
            if (signed.AddSeconds(seconds) < now)
            {
                throw new AwsProblem(403, "AccessDenied", "Request has expired");
            }
        }
        else if ((signed - now).Duration() > MaxSkew)
        {
            throw FaultAnswers.Skewed(call.Service,
                now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        }
    }

    private static AwsProblem UnknownKey(string service) => service switch
    {
        "kms" =>
            new AwsProblem(400, "UnrecognizedClientException",
                "The security token included in the request is invalid."),
        "sts" => new AwsProblem(403, "InvalidClientTokenId", "The security token included in the request is invalid."),
        _ =>
            new AwsProblem(403, "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records."),
    };
}
