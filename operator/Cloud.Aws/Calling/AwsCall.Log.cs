using Microsoft.Extensions.Logging;

namespace Cloud.Aws.Calling;

internal sealed partial class AwsCall
{
    [LoggerMessage(Level = LogLevel.Debug,
        Message = "{Operation} in {Region} for '{Scope}' failed: {Code} (request {RequestId})")]
    private static partial void LogFailed(
        ILogger logger, string operation, string region, string scope, string code, string? requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Operation} in {Region} is throttled ({Code}); slowing down")]
    private static partial void LogThrottled(ILogger logger, string operation, string region, string code);
}
