using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Byok.Import.Serving;

/// <summary>What a tenant's integration shows in <c>Authorization: ApiKey …</c>: an id, by which its record is found,
/// and 256 random bits.</summary>
public sealed record ApiKey
{
    public const string Scheme = "ApiKey";
    public const int SaltBytes = 16;

    private const int SecretBytes = 32;
    private const int IdLength = 16;
    private const int SecretLength = 43;

    private readonly byte[] secret;

    private ApiKey(string id, byte[] secret)
    {
        Id = id;
        this.secret = secret;
    }

    public string Id { get; }

    public static ApiKey Make() =>
        new(RandomNumberGenerator.GetHexString(IdLength, lowercase: true), RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Of a header's value; null for anything that is not one.</summary>
    public static ApiKey? FromHeader(string? header) =>
        header is not null && header.Length > Scheme.Length && header[Scheme.Length] == ' '
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? Parse(header[Scheme.Length..].Trim())
            : null;

    public static ApiKey? Parse(string text)
    {
        if (text.Length != IdLength + 1 + SecretLength || text[IdLength] != '.'
            || !text[..IdLength].All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        var secret = new byte[SecretBytes];
        return Base64Url.DecodeFromChars(text.AsSpan(IdLength + 1), secret, out _, out var length)
            == OperationStatus.Done && length == SecretBytes ? new ApiKey(text[..IdLength], secret) : null;
    }

    /// <summary>
    /// SHA-256 of salt and secret. No slow hash: 256 random bits can't be guessed,
    /// and a slow one would let strangers spend our CPU.
    /// </summary>
    public byte[] HashWith(ReadOnlySpan<byte> salt) => SHA256.HashData([.. salt, .. secret]);

    /// <summary>Whoever calls this shows it to its holder, once.</summary>
    public string Reveal() => $"{Id}.{Base64Url.EncodeToString(secret)}";

    public override string ToString() => $"API key {Id}";
}
