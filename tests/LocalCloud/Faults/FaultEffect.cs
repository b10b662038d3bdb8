namespace LocalCloud.Faults;

/// <summary>What goes wrong with a request that a rule matches.</summary>
public abstract record FaultEffect
{
    private FaultEffect()
    {
    }

    /// <summary>Answers late; combines with every other effect.</summary>
    public sealed record Delay(TimeSpan Time) : FaultEffect;

    /// <summary>Waits until <paramref name="Turnstile"/> lets it through,
    /// and is then carried out as if nothing had been.</summary>
    public sealed record Hold(Turnstile Turnstile) : FaultEffect;

    /// <summary>SlowDown 503 from S3, ThrottlingException 400 from KMS, Throttling 400 from STS, ServerBusy 503 from
    /// Blob, 429 with Retry-After from the rest of Azure.</summary>
    public sealed record Throttle : FaultEffect;

    /// <summary>The service's own internal error, with the status given (500, 502, 503).</summary>
    public sealed record Fail(int Status) : FaultEffect;

    /// <summary>The connection is reset before anything happened.</summary>
    public sealed record Drop : FaultEffect;

    /// <summary>The operation takes effect, then the connection is reset without an answer.</summary>
    public sealed record LoseAnswer : FaultEffect;

    /// <summary>Status 200 with an error document in the body, nothing done: CopyObject, UploadPartCopy and
    /// CompleteMultipartUpload can do that.</summary>
    public sealed record ErrorUnder200(string Code) : FaultEffect;

    /// <summary>The server finds the client's clock wrong.</summary>
    public sealed record ClockSkew : FaultEffect;

    /// <summary>Permission is missing, whatever policies say.</summary>
    public sealed record Deny : FaultEffect;

    /// <summary>Any error of the service, for what has no effect of its own.</summary>
    public sealed record Answer(int Status, string Code, string Message) : FaultEffect;

    /// <summary>The head and part of a GetObject body, then a reset.</summary>
    public sealed record CutBody(long AfterBytes) : FaultEffect;
}
