using System.Globalization;
using System.Security.Cryptography;

namespace Cloud.Aws.Stores;

/// <summary>One owner's write fence on its prefix of a shared bucket.
/// The token is new each time the fence is raised anew.</summary>
internal sealed record SharedFence(string Bucket, string Prefix, string Owner, string Token)
{
    private const int TimeDigits = 8;
    private const int RandomBytes = 4;

    /// <summary>When it is raised, in seconds, and something random: a statement has no other place for its time, and
    /// the delta's Job is called after it.</summary>
    public static string NewToken(DateTimeOffset now) =>
        $"{(uint)now.ToUnixTimeSeconds():x8}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))}";

    /// <summary>Null where the token is none of ours.</summary>
    public static DateTimeOffset? RaisedAt(string token) =>
        token.Length == TimeDigits + (2 * RandomBytes)
            && uint.TryParse(token[..TimeDigits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
