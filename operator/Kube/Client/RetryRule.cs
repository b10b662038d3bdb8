using System.Net;

namespace Kube.Client;

/// <summary>Whether and when a failed attempt is made again. Pure: the handler waits, this decides.</summary>
internal static class RetryRule
{
    /// <summary>First back-off; doubles per attempt. Short: a controller has a longer back-off of its own.</summary>
    public static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    /// <summary>A server that asks for more gets its wish from the caller's back-off, not from a blocked worker.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(15);

    /// <summary>A 429 was refused before it began, whatever the verb. A 5xx may have had its effect.</summary>
    public static TimeSpan? AfterAnswer(HttpStatusCode code, TimeSpan? retryAfter, bool repeatable, int attempt, double jitter)
    {
        var again = code == HttpStatusCode.TooManyRequests || (repeatable && code is HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout);
        return (again, retryAfter) switch
        {
            (false, _) => null,
            (true, { } asked) when asked > LongestRetryAfter => null,
            (true, { } asked) => asked + Backoff(attempt: 0, jitter), // so that all who were told the same don't return at once
            (true, null) => Backoff(attempt, jitter),
        };
    }

    /// <summary>No connection means no effect, whatever the verb; a lost or late answer may hide one.</summary>
    public static TimeSpan? AfterFailure(Exception failure, bool repeatable, int attempt, double jitter)
    {
        var again = failure switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => false, // a certificate does not heal
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => true,
            HttpRequestException or IOException or OperationCanceledException => repeatable,
            _ => false,
        };
        return again ? Backoff(attempt, jitter) : null;
    }

    private static TimeSpan Backoff(int attempt, double jitter)
    {
        var whole = Math.Min(FirstBackoff.TotalMilliseconds * Math.Pow(2, attempt), LongestBackoff.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(whole * (0.5 + (jitter / 2)));
    }
}
