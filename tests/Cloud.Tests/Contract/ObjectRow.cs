namespace Cloud.Tests.Contract;

/// <summary>One sentence about a data plane that everything above relies on, whatever the cloud.</summary>
internal sealed record ObjectRow(string Says, Func<IObjectWorld, Task> Try);
