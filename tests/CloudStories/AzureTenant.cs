namespace CloudStories;

/// <summary>One of several tenants on Azure, with a vault of its own.</summary>
internal sealed record AzureTenant(TenantLife Life, AzureScene Scene);
