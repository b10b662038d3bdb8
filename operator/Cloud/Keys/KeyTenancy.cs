namespace Cloud.Keys;

/// <summary>Whose directory a key is in, where that is not ours, and as whom we ask there.</summary>
/// <param name="TenantId">The tenant's Microsoft Entra directory, a GUID.</param>
/// <param name="ClientId">Our multi-tenant application, installed there: a GUID.</param>
public sealed record KeyTenancy(string TenantId, string ClientId);
