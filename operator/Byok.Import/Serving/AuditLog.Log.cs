using Microsoft.Extensions.Logging;

namespace Byok.Import.Serving;

internal sealed partial class AuditLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "audit {Call} ms={Milliseconds}")]
    private partial void LogCall(AuditRecord call, long milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Call {Call} could not be served: {Reason}")]
    private partial void LogUnavailable(string call, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Call {Call} met a bug")]
    private partial void LogBug(string call, Exception bug);
}
