using Kube.Core;
using Microsoft.Extensions.Logging;

namespace Byok.Import.Wrapping;

public sealed partial class WrappingKeeper
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Wrapping key made: Secret {Secret}")]
    private partial void LogMade(ObjectKey secret);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Wrapping key removed, its overlap is over: Secret {Secret}, key {KeyId}")]
    private partial void LogRemoved(ObjectKey secret, string keyId);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "No wrapping key could be made, once more soon: a Secret {Secret} stands, which is none")]
    private partial void LogTaken(ObjectKey secret);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The wrapping keys could not be kept, once more soon: {Reason}")]
    private partial void LogFailed(string reason);
}
