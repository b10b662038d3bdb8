using Kube.Core;
using Microsoft.Extensions.Logging;

namespace Byok.Import.Requests;

public sealed partial class RequestSweep
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Import request {Id} for {Key} is over and collected")]
    private partial void LogCollected(string id, ObjectKey key);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Import requests could not be collected, once more later: {Reason}")]
    private partial void LogFailed(string reason);
}
