using System.Diagnostics;

namespace Cloud.Calling;

/// <summary>
/// A span for each attempt of a call of a cloud, from the source <see cref="SourceName"/>. What is sent and what comes
/// back stands in none. Nobody listens: nothing is made.
/// </summary>
public static class CallTraces
{
    public const string SourceName = "Cloud";

    private const string Ok = "OK";

    private static readonly ActivitySource source = new(SourceName);

    /// <param name="operation">Service and call, such as <c>kms:Decrypt</c>.</param>
    /// <param name="region">Empty where the call's address names none.</param>
    internal static Activity? Begin(string operation, string region)
    {
        var span = source.StartActivity(operation, ActivityKind.Client)?.SetTag("operation", operation);
        return region.Length > 0 ? span?.SetTag("cloud.region", region) : span;
    }

    /// <param name="problem">Null: it was answered.</param>
    /// <param name="requestId">The cloud's own, for its support and its logs.</param>
    internal static void End(Activity? span, CloudProblem? problem, string? requestId)
    {
        span?.SetTag("outcome", problem?.GetType().Name ?? Ok).SetTag("cloud.request_id", requestId);
        if (problem is not null)
        {
            span?.SetTag("error.type", problem.Code).SetStatus(ActivityStatusCode.Error);
        }
    }
}
