using Microsoft.Extensions.Logging;

namespace Kube.Runtime.Hosting;

public sealed partial class ReloadingCertificate
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Certificate {File} was read again, good until {NotAfter}")]
    private partial void LogReloaded(string file, DateTime notAfter);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Certificate {File} or its key can't be read, the last one stays in use: {Reason}")]
    private partial void LogUnreadable(string file, string reason);
}
