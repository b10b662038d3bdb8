using System.Security.Cryptography;
using System.Text;

namespace Byok.Import.Requests;

/// <summary>How many import requests may be made for all keys of one tenant within 24 hours.</summary>
/// <param name="Group">Stands for the tenant without naming it: its namespaces are counted together.</param>
/// <param name="PerDay">From <c>spec.limits.importRequestsPerDay</c>.</param>
public sealed record TenantLimit(string Group, int PerDay)
{
    private const int Digits = 32;

    public static TenantLimit Of(string tenant, int perDay) => new(Digest(tenant), perDay);

    /// <summary>A name that tells nobody what it was made of, unless he knows it.</summary>
    public static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Digits];

    public static bool IsDigest(string text) => text.Length == Digits && text.All(char.IsAsciiHexDigitLower);
}

/// <summary>What is known of the limit of a namespace.</summary>
public abstract record LimitLook
{
    private LimitLook()
    {
    }

    public sealed record Known(TenantLimit Limit) : LimitLook;

    /// <summary>It is published, and no tenant has the namespace.</summary>
    public sealed record NoTenant : LimitLook;

    /// <summary>Nothing is published, or nothing that can be read.</summary>
    public sealed record Unknown : LimitLook;
}
