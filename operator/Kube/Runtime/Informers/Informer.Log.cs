using Kube.Core;
using Microsoft.Extensions.Logging;

namespace Kube.Runtime.Informers;

public sealed partial class Informer<T>
{
    [LoggerMessage(Level = LogLevel.Information,
        Message = "The store of {Resource} is synced; {Changes} objects differ from before")]
    private partial void LogSynced(string resource, int changes);

    [LoggerMessage(Level = LogLevel.Error, Message = "A listener failed on a change of {Resource} {Key}")]
    private partial void LogListenerFailed(string resource, ObjectKey key, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Resource} {Key} at version {Version} can't be read, and is followed as it stood before if it was "
            + "seen then: {Reason}")]
    private partial void LogUnreadable(string resource, ObjectKey key, string? version, string reason);
}
