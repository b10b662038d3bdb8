using Microsoft.Extensions.Logging;

namespace Cloud.Azure.Calling;

internal sealed partial class CallRules
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "{Operation} at {Host} failed: {Code} (request {RequestId})")]
    private static partial void LogFailed(
        ILogger logger, string operation, string? host, string code, string? requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Operation} at {Host} is throttled ({Code}); slowing down")]
    private static partial void LogThrottled(ILogger logger, string operation, string? host, string code);
}
