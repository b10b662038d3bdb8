using System.Net;

namespace Kube.Client;

/// <summary>
/// Whether a failed attempt is made again, and what its server has to say about when. Pure: the handler waits, this
/// decides.
/// </summary>
internal static class RetryRule
{
    /// <summary>First back-off; doubles per attempt. Short: a controller has a longer back-off of its own.</summary>
    public static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    /// <summary>A server that asks for more gets its wish from the caller's back-off,
    /// not from a blocked worker.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(15);

    /// <summary>A 429 was refused before it began, whatever the verb. A 5xx may have had its effect.</summary>
    public static bool IsWorthAnother(HttpStatusCode code, TimeSpan? retryAfter, bool repeatable) =>
        (code == HttpStatusCode.TooManyRequests || (repeatable && code is HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout))
        && !(retryAfter > LongestRetryAfter);

    /// <summary>No connection means no effect, whatever the verb; a lost or late answer may hide one.</summary>
    public static bool IsWorthAnother(Exception failure, bool repeatable) => failure switch
    {
        HttpRequestException { HttpRequestError: var error } => error switch
        {
            HttpRequestError.SecureConnectionError => false, // a certificate does not heal
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError => true,
            _ => repeatable,
        },
        IOException or OperationCanceledException => repeatable,
        _ => false,
    };

    /// <summary>
    /// Null where the server asks for nothing: then the back-off says. A little more than it asks, so that all who were
    /// told the same don't return at once.
    /// </summary>
    public static TimeSpan? Pause(TimeSpan? retryAfter, double jitter) =>
        retryAfter + (FirstBackoff * (0.5 + (jitter / 2)));
}
