using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace LocalCloud.Aws.Kms;

/// <summary>The import tokens in circulation. A token may be shown again while it lasts, for its own key.</summary>
internal sealed class ImportTokens
{
    private const int TokenBytes = 256;

    /// <summary>Expired tokens are known for what they are this long, then invalid like any other bytes.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(2);

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, ImportParameters> issued = new(StringComparer.Ordinal);

    public ImportParameters Issue(KmsKey key, RSA pair, RSAEncryptionPadding padding, DateTimeOffset now)
    {
        foreach (var old in issued.Where(one => one.Value.ValidTo + Remembered < now))
        {
            issued.TryRemove(old);
        }

        var parameters =
            new ImportParameters(key, pair, padding, RandomNumberGenerator.GetBytes(TokenBytes), now + Lifetime);
        issued[Convert.ToHexString(parameters.Token)] = parameters;
        return parameters;
    }

    public ImportParameters Demand(byte[] token, KmsKey key, DateTimeOffset now)
    {
        if (!issued.TryGetValue(Convert.ToHexString(token), out var parameters) || parameters.Key != key)
        {
            throw KmsProblems.Of("InvalidImportTokenException",
                "The import token is invalid or belongs to another KMS key.");
        }

        return parameters.ValidTo > now ? parameters
            : throw KmsProblems.Of("ExpiredImportTokenException", "The import token has expired.");
    }
}
