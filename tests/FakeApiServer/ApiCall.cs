namespace FakeApiServer;

/// <summary>A request as it arrived.</summary>
/// <param name="User">Whom it acts as (Impersonate-User): over plain HTTP no client shows a credential.</param>
public sealed record ApiCall(string User, string Method, string Path);
