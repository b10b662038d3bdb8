namespace LocalCloud.Tests.Azure.Contract;

/// <summary>One sentence about Blob Storage, and how to try it on a server.</summary>
internal sealed record BlobRow(string Says, Func<BlobWorld, Task> Try);
