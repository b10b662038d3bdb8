namespace Cloud.Keys;

/// <summary>A tenant's key in one region. <paramref name="Id"/> is unambiguous in every account: on AWS the full key ARN.</summary>
public sealed record KeyRef(string Region, string Id);
