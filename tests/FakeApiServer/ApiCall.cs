namespace FakeApiServer;

/// <summary>A request as it arrived.</summary>
/// <param name="User">The bearer token that it showed: whoever calls himself so.</param>
public sealed record ApiCall(string User, string Method, string Path);
