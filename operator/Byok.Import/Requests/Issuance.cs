namespace Byok.Import.Requests;

/// <summary>What became of asking for a request.</summary>
public abstract record Issuance
{
    private Issuance()
    {
    }

    /// <summary>The token is shown here and never again.</summary>
    public sealed record Issued(ImportRequest Request, ImportToken Token) : Issuance;

    /// <summary>As many were made for this key within a day as may be.</summary>
    /// <param name="FreeAt">When the first of them counts no more.</param>
    public sealed record TooMany(DateTimeOffset FreeAt) : Issuance;

    /// <summary>As many were made for all keys of the tenant within a day as its Tenant lets it make.</summary>
    /// <param name="Limit">That many.</param>
    /// <param name="FreeAt">When the first of them counts no more.</param>
    public sealed record TenantFull(int Limit, DateTimeOffset FreeAt) : Issuance;

    /// <summary>The namespace is no tenant's, as the operator published it.</summary>
    public sealed record NoTenant : Issuance;

    /// <summary>The operator has published nothing that can be read: how many may be made is not known,
    /// so none is.</summary>
    public sealed record LimitUnknown : Issuance;

    /// <summary>No platform wrapping key stands yet, or no pair is to be had at once: ask again in a while.</summary>
    public sealed record NotReady : Issuance;
}
