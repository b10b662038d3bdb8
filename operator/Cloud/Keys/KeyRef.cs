namespace Cloud.Keys;

/// <summary>
/// A tenant's key in one region. <paramref name="Id"/> is unambiguous in every account: on AWS the full key ARN, on
/// Azure the key's URL (<c>https://vault/keys/name</c>, with <c>/version</c> where one is held).
/// </summary>
/// <param name="Region">On Azure <see cref="AnyRegion"/>: a vault's key serves stores in every location.</param>
public sealed record KeyRef(string Region, string Id)
{
    /// <summary>What stands for a region where a key serves all of them;
    /// Azure's own word for what has no location.</summary>
    public const string AnyRegion = "global";

    /// <summary>In the place of a key's id: the store's own encryption, under nobody's key. What goes back to a place
    /// whose default that is comes under it, and nothing else.</summary>
    public const string StoreManaged = "AES256";

    public CloudKind Cloud { get; init; }

    /// <summary>The same of an account on Azure, in Azure's own words.</summary>
    public const string AccountManaged = "Microsoft.Storage";

    public bool IsStoreManaged => Id == (Cloud == CloudKind.Azure ? AccountManaged : StoreManaged);

    /// <summary>A key of the platform's own, made of what a tenant handed over:
    /// its policy and its grants are the platform's too.</summary>
    public bool IsOurs { get; init; }

    /// <summary>Which key it is, whatever version of it is held.</summary>
    public string Identity =>
        Cloud == CloudKind.Azure && Id.Split('/') is [.., "keys", _, { } version] ? Id[..^(version.Length + 1)] : Id;

    /// <summary>Null where the key is in a directory of ours, and on AWS, where the id says it all.</summary>
    public KeyTenancy? Tenancy { get; init; }
}

/// <summary>Whose directory a key is in, where that is not ours, and as whom we ask there.</summary>
/// <param name="TenantId">The tenant's Microsoft Entra directory, a GUID.</param>
/// <param name="ClientId">Our multi-tenant application, installed there: a GUID.</param>
public sealed record KeyTenancy(string TenantId, string ClientId);
