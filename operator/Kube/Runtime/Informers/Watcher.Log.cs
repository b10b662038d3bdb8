using Microsoft.Extensions.Logging;

namespace Kube.Runtime.Informers;

internal sealed partial class Watcher<T>
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Watch of {Resource} failed ({Code}): {Reason}")]
    private partial void LogFailed(string resource, int code, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Listing {Resource} again from the beginning")]
    private partial void LogListing(string resource);
}
