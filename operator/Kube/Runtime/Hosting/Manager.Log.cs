using Microsoft.Extensions.Logging;

namespace Kube.Runtime.Hosting;

public sealed partial class Manager
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Stores are synced; competing for the lease")]
    private partial void LogCompeting();

    [LoggerMessage(Level = LogLevel.Information, Message = "Controllers start")]
    private partial void LogStarting();

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping; the process will end with {ExitCode}")]
    private partial void LogStopping(int exitCode);

    [LoggerMessage(Level = LogLevel.Critical, Message = "A part of group {Group} ended that should run for ever")]
    private partial void LogBroken(string group, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Group {Group} did not end in time and is left behind")]
    private partial void LogLeftBehind(string group);
}
