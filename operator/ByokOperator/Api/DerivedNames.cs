using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ByokOperator.Api;

/// <summary>
/// Names of buckets and accounts that no spec gives. A tenant's buckets share a prefix that no other tenant's have, so
/// that the policy of a tenant's key can name all of them, those to come too; it is a digest,
/// for names may be within each other.
/// </summary>
internal static partial class DerivedNames
{
    private const int Digits = 12;

    /// <summary>24 lower-case letters and digits are all that an account's name holds.</summary>
    private const int AccountDigits = 20;

    /// <summary>The first of a store's buckets.</summary>
    public const int First = 1;

    /// <summary>What all derived buckets of the tenant begin with, and nobody else's.</summary>
    public static string BucketPrefix(string tenant) => $"byok-{Digest(tenant, Digits)}-";

    /// <param name="tenant">Whose.</param>
    /// <param name="uid">Of the store's first object.</param>
    /// <param name="number">Which of the store's buckets, from <see cref="First"/>.</param>
    public static string Bucket(string tenant, string uid, int number = First) =>
        $"{BucketPrefix(tenant)}{Digest(uid, Digits)}-{number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Null where that is no bucket of the store's.</summary>
    public static int? NumberOf(string bucket, string tenant, string uid)
    {
        var stem = $"{BucketPrefix(tenant)}{Digest(uid, Digits)}-";
        return bucket.StartsWith(stem, StringComparison.Ordinal)
            && int.TryParse(bucket.AsSpan(stem.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= First && Bucket(tenant, uid, number) == bucket ? number : null;
    }

    public static string Account(string tenant, string uid) =>
        "byok" + Digest($"{tenant}\n{uid}\n{First}", AccountDigits);

    /// <summary>Some tenant's derived buckets are called like this; no spec names one.</summary>
    public static bool IsDerived(string bucket) => DerivedShape().IsMatch(bucket);

    [GeneratedRegex(@"^byok-[0-9a-f]{12}-")]
    private static partial Regex DerivedShape();

    private static string Digest(string text, int digits) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];
}
