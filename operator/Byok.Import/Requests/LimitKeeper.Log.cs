using Microsoft.Extensions.Logging;

namespace Byok.Import.Requests;

public sealed partial class LimitKeeper
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The import requests that tenants may make are published anew, for {Namespaces} namespaces")]
    private partial void LogPublished(int namespaces);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The import requests that tenants may make could not be published, once more later: {Reason}")]
    private partial void LogFailed(string reason);
}
