using Microsoft.Extensions.Logging;

namespace ByokOperator.Records;

internal sealed partial class RecordMacKey
{
    [LoggerMessage(Level = LogLevel.Information,
        Message = "made the Secret {Namespace}/{Name}, which the operator's records are signed with: back it up "
            + "together with them")]
    private partial void LogMade(string @namespace, string name);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "the operator's records in {Namespace} count for closing alone, and no store is opened: {Sentence}")]
    private partial void LogMissing(string @namespace, string sentence);
}
