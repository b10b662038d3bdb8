using Kube.Core;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Cluster;

internal sealed partial class LeftBehind
{
    [LoggerMessage(Level = LogLevel.Warning,
        Message = "the object {Key} is gone, and its record {Record} goes on being followed: {Saying}")]
    private partial void LogLeftBehind(string record, ObjectKey key, string saying);
}
