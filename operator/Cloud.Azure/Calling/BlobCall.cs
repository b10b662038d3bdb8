namespace Cloud.Azure.Calling;

/// <summary>One call of the blob service, whose request the SDK writes.</summary>
internal sealed record BlobCall(string Operation) : CallTerms(Operation, AzureAudience.Storage);
