using Microsoft.Extensions.Logging;

namespace Byok.Copying;

public sealed partial class CopyRun
{
    [LoggerMessage(Level = LogLevel.Information,
        Message = "Shard {Shard}: copying after {Entries} checkpointed entries")]
    private partial void LogStarted(int shard, long entries);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Shard {Shard}: done, {Versions} versions, {Markers} delete markers, {Bytes} bytes, {Copied} "
            + "copied, {Orphans} strays removed")]
    private partial void LogDone(int shard, long versions, long markers, long bytes, long copied, long orphans);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Why the copy ended could not be written beside the data: {Reason}")]
    private partial void LogUntold(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Shard {Shard}: stopped on request, {Entries} entries checkpointed")]
    private partial void LogStopped(int shard, long entries);
}
