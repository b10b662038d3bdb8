using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;

namespace Cloud.Keys;

/// <summary>
/// A key that left its owner's HSM wrapped for the HSM of one vault (a <c>.byok</c> file). We can't open it and don't
/// try: it is passed on as it is.
/// </summary>
/// <param name="ExchangeKey">The vault's key that it was wrapped with.</param>
/// <param name="Digest">Of the ciphertext, hexadecimal. The same key wrapped once more has another one.</param>
public sealed record TransferBlob(Uri ExchangeKey, string Digest)
{
    /// <summary>An RSA key of 4096 bits under one of 4096 bits takes less than 5 KB.</summary>
    public const int Longest = 16 * 1024;

    private static readonly SearchValues<byte> controls = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(one => (byte)one).Where(one => !White.Contains(one))]);

    private static ReadOnlySpan<byte> White => " \t\r\n"u8;

    /// <summary>The exchange key's part alone is this long; behind it comes the key.</summary>
    private const int ShortestCiphertext = 256;

    /// <summary>Whether it is meant to be one: text that begins like JSON. The ciphertext of a wrapped key may begin so
    /// too, one in 256 does, and is no text.</summary>
    public static bool IsMeant(ReadOnlySpan<byte> content) =>
        content.TrimStart(White) is [(byte)'{', ..] && Utf8.IsValid(content) && !content.ContainsAny(controls);

    /// <summary>The blob, or what is wrong with its form.</summary>
    public static (TransferBlob? Blob, string? Fault) Read(ReadOnlyMemory<byte> content)
    {
        if (content.Length > Longest)
        {
            return (null, $"it has more than {Longest} bytes");
        }

        try
        {
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 4 });
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return (null, "it is not JSON");
        }
    }

    private static (TransferBlob? Blob, string? Fault) Read(JsonElement root)
    {
        if (Text(root, "schema_version") is not "1.0.0")
        {
            return (null, "its schema_version is not 1.0.0");
        }

        if (!root.TryGetProperty("header", out var header) || header.ValueKind != JsonValueKind.Object)
        {
            return (null, "it has no header");
        }

        if (Text(header, "alg") is not "dir" || Text(header, "enc") is not "CKM_RSA_AES_KEY_WRAP")
        {
            return (null, "its header says another way of wrapping than alg dir, enc CKM_RSA_AES_KEY_WRAP");
        }

        if (!Uri.TryCreate(Text(header, "kid"), UriKind.Absolute, out var exchange)
            || exchange.Scheme != Uri.UriSchemeHttps
            || !exchange.AbsolutePath.StartsWith("/keys/", StringComparison.Ordinal))
        {
            return (null, "its header's kid is not the address of a key in a vault");
        }

        return Ciphertext(Text(root, "ciphertext")) is { Length: > ShortestCiphertext } ciphertext
            ? (new TransferBlob(exchange, Convert.ToHexStringLower(SHA256.HashData(ciphertext))), null)
            : (null, "its ciphertext is not base64url of a wrapped key");
    }

    private static byte[]? Ciphertext(string? text)
    {
        try
        {
            return text is null ? null : Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
