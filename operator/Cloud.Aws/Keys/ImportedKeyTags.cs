using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>How an imported key says whose it is. Pure.</summary>
internal static partial class ImportedKeyTags
{
    public const string OwnerTag = "byok.dev/key-owner";

    private const string TenantTag = "byok.dev/tenant";
    private const string NamespaceTag = "byok.dev/namespace";
    private const string NameTag = "byok.dev/name";
    private const int PrefixDigits = 12;

    /// <summary>Aliases are listed by name alone, so the name leads to whatever
    /// an earlier object of the same namespace and name left.</summary>
    public static string AliasPrefix(ImportedKeyOwner owner) =>
        $"alias/byok/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{owner.Namespace}/{owner.Name}")))[..PrefixDigits]}/";

    public static string Alias(ImportedKeyOwner owner) => Uid().IsMatch(owner.Uid)
        ? AliasPrefix(owner) + owner.Uid
        : throw new CloudException(
            new CloudProblem.Refused("InvalidOwner", "the owner's uid is not one of letters, digits and hyphens"),
            "kms:CreateAlias");

    /// <summary>
    /// The lockout check is left out, and has to be: it demands that whoever makes a key may change its policy later,
    /// which here only the account's administrators may.
    /// </summary>
    public static CreateKeyRequest Create(ImportedKeyOwner owner, string policy) => new()
    {
        Description = $"Material of the tenant that owns {owner.Namespace}/{owner.Name}",
        KeySpec = KeySpec.SYMMETRIC_DEFAULT,
        KeyUsage = KeyUsageType.ENCRYPT_DECRYPT,
        Origin = OriginType.EXTERNAL,
        Policy = policy,
        BypassPolicyLockoutSafetyCheck = true,
        Tags = [Tag(OwnerTag, owner.Uid), Tag(NamespaceTag, owner.Namespace), Tag(NameTag, owner.Name),
            .. TenantOf(owner)],
    };

    /// <summary>Whose key of an earlier object of the same names these tags are on;
    /// null where they are on none.</summary>
    public static string? EarlierOf(ImportedKeyOwner owner, IReadOnlyList<Tag>? tags) =>
        owner.EarlierIn(word =>
            tags?.FirstOrDefault(tag => tag.TagKey == (word == "owner" ? OwnerTag : $"byok.dev/{word}"))?.TagValue);

    private static IEnumerable<Tag> TenantOf(ImportedKeyOwner owner) =>
        owner.Tenant.Length > 0 ? [Tag(TenantTag, owner.Tenant)] : [];

    public static bool Owns(ImportedKeyOwner owner, IEnumerable<Tag>? tags) =>
        tags?.Any(tag => tag.TagKey == OwnerTag && tag.TagValue == owner.Uid) is true;

    private static Tag Tag(string key, string value) => new() { TagKey = key, TagValue = value };

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Uid();
}
