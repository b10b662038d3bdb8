using Microsoft.Extensions.Logging;

namespace ByokOperator.Reencrypting;

internal sealed partial class ReencryptionRun
{
    [LoggerMessage(Level = LogLevel.Information,
        Message = "Shard {Shard}: pass {Pass}, going on after {Looked} versions")]
    private partial void LogStarted(int shard, int pass, long looked);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Shard {Shard}: pass {Pass} looked at {Looked} versions, {Met} under an old key")]
    private partial void LogPassed(int shard, int pass, long looked, long met);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Shard {Shard}: done, none of {Looked} versions is under an old key; {Reencrypted} were put under "
            + "the new one, {Bytes} bytes")]
    private partial void LogDone(int shard, long looked, long reencrypted, long bytes);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "How far the run is could not be written beside the data: {Reason}")]
    private partial void LogUntold(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private partial void LogFailed(string reason);
}
