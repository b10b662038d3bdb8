using Microsoft.Extensions.Logging;

namespace ByokOperator.Cluster;

internal sealed partial class FactReader
{
    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Looking at {What} failed ({Reason}); it counts as unseen, and this is not logged again. "
            + "{Exception}\n{Stack}")]
    private partial void LogMissed(string what, string reason, string exception, string stack);
}
