using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Byok.Import.Requests;

/// <summary>
/// What the holder of a request shows when it uploads: the request's id, which is no secret, and 256 random bits, of
/// which the cluster keeps a hash. Only letters, digits, <c>-</c>, <c>_</c> and one dot,
/// so that a shell needs no quotes around it.
/// </summary>
public sealed record ImportToken
{
    private const int IdBytes = 8;
    private const int SecretBytes = 32;
    private const int IdLength = IdBytes * 2;
    private const int SecretLength = 43;

    private readonly byte[] secret;

    private ImportToken(string id, byte[] secret)
    {
        Id = id;
        this.secret = secret;
    }

    public string Id { get; }

    /// <summary>Bound to the id. No salt and no slow hash:
    /// 256 random bits can be neither guessed nor looked up.</summary>
    public byte[] Hash => SHA256.HashData([.. Encoding.ASCII.GetBytes(Id), .. secret]);

    public static ImportToken Make() =>
        new(RandomNumberGenerator.GetHexString(IdLength, lowercase: true), RandomNumberGenerator.GetBytes(SecretBytes));

    public static bool IsId(string text) => text.Length == IdLength && text.All(char.IsAsciiHexDigitLower);

    public static ImportToken? Parse(string text)
    {
        if (text.Length != IdLength + 1 + SecretLength || text[IdLength] != '.' || !IsId(text[..IdLength]))
        {
            return null;
        }

        var secret = new byte[SecretBytes];
        return Base64Url.DecodeFromChars(text.AsSpan(IdLength + 1), secret, out _, out var length)
            == OperationStatus.Done && length == SecretBytes ? new ImportToken(text[..IdLength], secret) : null;
    }

    /// <summary>Whoever calls this shows it to its holder, once.</summary>
    public string Reveal() => $"{Id}.{Base64Url.EncodeToString(secret)}";

    public override string ToString() => $"import token {Id}";
}
