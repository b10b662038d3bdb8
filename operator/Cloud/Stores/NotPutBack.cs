namespace Cloud.Stores;

/// <summary>Something that was set aside and that the cloud does not take any more.</summary>
/// <param name="What">A statement's Sid or what it says, shortened; on Azure the connection's name.</param>
public sealed record NotPutBack(string What, string Code, string Message);
