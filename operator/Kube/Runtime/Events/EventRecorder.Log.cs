using Microsoft.Extensions.Logging;

namespace Kube.Runtime.Events;

public sealed partial class EventRecorder
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "An Event could not be written: {Reason}")]
    private partial void LogUnsaid(string reason);
}
