namespace Cloud.Tests.Contract;

/// <summary>One sentence about AWS that the adapters rely on, and how to try it on a server.</summary>
internal sealed record ContractRow(string Says, Func<ContractWorld, Task> Try);
