using LocalCloud.Aws.Iam;
using Microsoft.Extensions.Primitives;

namespace LocalCloud.Aws.Kms;

/// <summary>One use of one key, as key policies and grants judge it.
/// Made by KMS's own API and by S3 on behalf of its caller.</summary>
internal sealed class KmsUse(Principal caller, string region) : PolicyQuestion(caller)
{
    public static readonly IReadOnlyDictionary<string, string> NoContext = new Dictionary<string, string>();

    public string Region { get; } = region;

    public IReadOnlyDictionary<string, string> Context { get; init; } = NoContext;

    public IReadOnlyList<string> GrantTokens { get; init; } = [];

    /// <summary><c>s3.eu-west-1.amazonaws.com</c> when a service uses the key for the caller.</summary>
    public string? ViaService { get; init; }

    public KmsKey? Key { get; set; }

    /// <summary>Names and values that the request would tag with.</summary>
    public IReadOnlyDictionary<string, string> RequestTags { get; init; } = NoContext;

    /// <summary>False where only a ciphertext was given.</summary>
    public bool NamesKey { get; set; } = true;

    public string? RequestAlias { get; set; }

    /// <summary>The grant that CreateGrant would make.</summary>
    public KmsGrant? Grant { get; set; }

    public ImportConditions? Import { get; set; }

    public string Operation => Action["kms:".Length..];

    protected override StringValues FindSpecific(string key)
    {
        const string contextKey = "kms:encryptioncontext:", tagKey = "aws:requesttag/";
        if (key.StartsWith(contextKey, StringComparison.Ordinal))
        {
            return Named(Context, key[contextKey.Length..]);
        }

        if (key.StartsWith(tagKey, StringComparison.Ordinal))
        {
            return Named(RequestTags, key[tagKey.Length..]);
        }

        return key switch
        {
            "kms:calleraccount" => Caller.Account,
            "kms:viaservice" => ViaService,
            "kms:encryptioncontextkeys" => Context.Count == 0 ? default : new StringValues([.. Context.Keys]),
            "kms:requestalias" => RequestAlias,
            "kms:keyspec" or "kms:customermasterkeyspec" => Key?.Spec,
            "kms:keyusage" or "kms:customermasterkeyusage" => Key?.Usage,
            "kms:keyorigin" => Key?.Origin,
            "kms:wrappingalgorithm" => Import?.Algorithm,
            "kms:wrappingkeyspec" => Import?.KeySpec,
            "kms:expirationmodel" => Import?.ExpirationModel,
            "kms:multiregion" => Key is null ? default : new StringValues(Key.IsMultiRegion ? "true" : "false"),
            "kms:grantisforawsresource"
                when Operation is "CreateGrant" or "ListGrants" or "RevokeGrant" =>
                    ViaService is null ? "false" : "true",
            _ => FindGrant(key),
        };
    }

    private static StringValues Named(IReadOnlyDictionary<string, string> pairs, string wanted)
    {
        foreach (var pair in pairs)
        {
            if (wanted.Equals(pair.Key, StringComparison.OrdinalIgnoreCase))
            {
                return pair.Value;
            }
        }

        return default;
    }

    private StringValues FindGrant(string key) => Grant is null ? default : key switch
    {
        "kms:granteeprincipal" => Grant.Grantee,
        "kms:retiringprincipal" => Grant.Retiring,
        "kms:grantoperations" => new StringValues([.. Grant.Operations]),
        "kms:grantconstrainttype" => Grant.ContextEquals is not null ? "EncryptionContextEquals"
            : Grant.ContextSubset is not null ? "EncryptionContextSubset" : (string?)null,
        _ => default,
    };
}
