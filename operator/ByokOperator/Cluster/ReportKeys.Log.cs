using Microsoft.Extensions.Logging;

namespace ByokOperator.Cluster;

internal sealed partial class ReportKeys
{
    [LoggerMessage(Level = LogLevel.Information,
        Message = "made the Secret {Namespace}/{Name}, which reports are signed with; the key's id is {KeyId}")]
    private partial void LogMade(string @namespace, string name, string keyId);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "reports are signed with another key from now on, {KeyId}: the Secret {Namespace}/{Name} was gone "
            + "or exchanged. Each store's reports go on in a new chain that says so")]
    private partial void LogReplaced(string @namespace, string name, string keyId);
}
