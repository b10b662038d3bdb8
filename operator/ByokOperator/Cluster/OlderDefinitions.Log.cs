using Microsoft.Extensions.Logging;

namespace ByokOperator.Cluster;

internal sealed partial class OlderDefinitions
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "the server keeps no {Field} of {Definition}: that CRD is older than this operator, and what it "
            + "does not know it drops, of specs too: "
            + "kubectl apply --server-side -f crds/, or helm upgrade with crds.enabled")]
    private partial void LogOlder(string definition, string field);
}
