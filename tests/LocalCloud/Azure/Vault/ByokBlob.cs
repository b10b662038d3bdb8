using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCloud.Azure.Entra;

namespace LocalCloud.Azure.Vault;

/// <summary>A key that left its owner's HSM wrapped for this vault:
/// CKM_RSA_AES_KEY_WRAP under a key exchange key.</summary>
internal static class ByokBlob
{
    public static RSA Open(KeyVault vault, string text)
    {
        var json = Parse(text);
        var header = json["header"] as JsonObject ?? throw Malformed("header");
        if ((string?)header["alg"] != "dir" || (string?)header["enc"] != "CKM_RSA_AES_KEY_WRAP")
        {
            throw Malformed("alg and enc");
        }

        var exchange = ExchangeKey(vault, (string?)header["kid"] ?? throw Malformed("kid"));
        var ciphertext = Base64UrlText.Decode((string?)json["ciphertext"] ?? "") ?? throw Malformed("ciphertext");
        var wrappedLength = exchange.KeySize / 8;
        if (ciphertext.Length <= wrappedLength)
        {
            throw Malformed("ciphertext");
        }

        try
        {
            using var aes = Aes.Create();
            lock (exchange)
            {
                aes.Key = exchange.Decrypt(ciphertext.AsSpan(0, wrappedLength), RSAEncryptionPadding.OaepSHA1);
            }

            var target = RSA.Create();
            target.ImportPkcs8PrivateKey(aes.DecryptKeyWrapPadded(ciphertext.AsSpan(wrappedLength)), out _);
            return target;
        }
        catch (CryptographicException)
        {
            throw VaultProblems.BadParameter("The key transfer blob could not be unwrapped with the key exchange key.");
        }
    }

    private static JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(Base64UrlText.Decode(text) ?? throw Malformed("key_hsm")) as JsonObject
                ?? throw Malformed("key_hsm");
        }
        catch (JsonException)
        {
            throw Malformed("key_hsm");
        }
    }

    /// <summary>A key exchange key can do nothing but import, and lives in the HSM of the same vault.</summary>
    private static RSA ExchangeKey(KeyVault vault, string kid)
    {
        var parts = Uri.TryCreate(kid, UriKind.Absolute, out var uri) && uri.Host == vault.Uri.Host
            ? uri.AbsolutePath.Trim('/').Split('/') : [];
        var version = parts.Length is 2 or 3 ? vault.Find(parts[1], parts.Length == 3 ? parts[2] : null) : null;
        return version is { IsHsm: true, Enabled: true, Operations: ["import"], Material: RSA rsa } ? rsa
            : throw VaultProblems.BadParameter(
                "The key exchange key of the key transfer blob was not found in this vault, or it cannot import.");
    }

    private static AzureProblem Malformed(string part) =>
        VaultProblems.BadParameter($"The key transfer blob is not valid: {part}");
}
