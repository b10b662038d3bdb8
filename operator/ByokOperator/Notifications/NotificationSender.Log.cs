using Microsoft.Extensions.Logging;

namespace ByokOperator.Notifications;

internal sealed partial class NotificationSender
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Notice {Id} ({Type}) was not delivered: {Why}")]
    private partial void LogLost(string id, string type, string why);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Notice {Id} ({Type}) delivered")]
    private partial void LogSent(string id, string type);
}
