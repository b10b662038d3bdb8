using Kube.Core;
using Microsoft.Extensions.Logging;

namespace Kube.Runtime.LeaderElection;

public sealed partial class LeaderElector
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Leading: lease {Lease} is held by {Identity}")]
    private partial void LogLeading(ObjectKey lease, string identity);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Leadership lost: lease {Lease} was taken, or not renewed for {Deadline}")]
    private partial void LogLost(ObjectKey lease, TimeSpan deadline);

    [LoggerMessage(Level = LogLevel.Information, Message = "Lease {Lease} given back")]
    private partial void LogReleased(ObjectKey lease);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A try at lease {Lease} failed: {Reason}")]
    private partial void LogTryFailed(ObjectKey lease, string reason);
}
