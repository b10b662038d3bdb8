using LocalCloud.Faults;

namespace LocalCloud.Aws;

/// <summary>How each service words the faults that strike before an operation.</summary>
internal static class FaultAnswers
{
    public static void ThrowIfEarly(AwsCall call, FaultEffect effect)
    {
        switch (effect)
        {
            case FaultEffect.Throttle:
                throw Throttled(call.Service);
            case FaultEffect.Fail fail:
                throw new AwsProblem(fail.Status, InternalCode(call.Service, fail.Status),
                    "We encountered an internal error. Please try again.");
            case FaultEffect.Drop:
                throw new DroppedException();
            case FaultEffect.ErrorUnder200 under:
                throw new AwsProblem(200, under.Code,
                    "We encountered an internal error. Please try again.") { Under200 = true };
            case FaultEffect.ClockSkew:
                throw Skewed(call.Service, "");
            case FaultEffect.Deny:
                throw new AwsProblem(call.Service == "kms" ? 400 : 403, call.Service == "kms" ? "AccessDeniedException"
                    : "AccessDenied",
                    $"User: {call.Caller.Arn} is not authorized to perform: {call.Service}:{call.Operation}");
            case FaultEffect.Answer answer:
                throw new AwsProblem(answer.Status, answer.Code, answer.Message);
        }
    }

    public static AwsProblem Throttled(string service) => service switch
    {
        "kms" => new AwsProblem(400, "ThrottlingException", "Rate exceeded"),
        "sts" => new AwsProblem(400, "Throttling", "Rate exceeded"),
        _ => new AwsProblem(503, "SlowDown", "Please reduce your request rate."),
    };

    public static AwsProblem Skewed(string service, string serverTime) => service switch
    {
        "kms" =>
            new AwsProblem(400, "InvalidSignatureException",
                $"Signature expired: the request's time is too far from {serverTime}"),
        "sts" =>
            new AwsProblem(403, "SignatureDoesNotMatch",
                $"Signature expired: the request's time is too far from {serverTime}"),
        _ =>
            new AwsProblem(403, "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.")
                {
                    Detail = ("ServerTime", serverTime),
                },
    };

    private static string InternalCode(string service, int status) => service switch
    {
        "kms" => status == 503 ? "ServiceUnavailable" : "KMSInternalException",
        "sts" => "InternalFailure",
        _ => status == 503 ? "ServiceUnavailable" : "InternalError",
    };
}
