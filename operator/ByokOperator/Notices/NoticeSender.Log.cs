using Microsoft.Extensions.Logging;

namespace ByokOperator.Notices;

internal sealed partial class NoticeSender
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Notice {Id} ({Type}) was not delivered: {Why}")]
    private partial void LogLost(string id, string type, string why);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Notice {Id} ({Type}) delivered")]
    private partial void LogSent(string id, string type);
}
