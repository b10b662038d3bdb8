using System.Buffers;
using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using Byok.Material;

namespace ByokOperator.Keygen;

/// <summary>A secret that exists already: from a backup, or from standard input as 32 raw bytes,
/// their base64 or their hexadecimal form.</summary>
internal static class SecretSource
{
    private const int HexLength = KeyMaterial.Length * 2;

    private static int Base64Length => Base64.GetMaxEncodedToUtf8Length(KeyMaterial.Length);

    public static KeyMaterial Read(ParseResult parsed, Option<string?> backup)
    {
        var (path, passwordFile) = (parsed.GetValue(backup), parsed.GetValue(KeyOptions.PasswordFile));
        return parsed.GetValue(KeyOptions.Rsa) ? RsaSource.Read(path, passwordFile) : Read(path, passwordFile);
    }

    private static KeyMaterial Read(string? backup, string? passwordFile)
    {
        var secret = backup is not null ? FromBackup(backup, passwordFile) : FromInput();
        if (MaterialStrength.WeaknessOf(secret.Bytes) is not { } weakness)
        {
            return secret;
        }

        secret.Dispose();
        throw new KeygenException(
            $"the secret is no random key ({weakness}) and would be refused: make one with `byok-operator key "
                + "generate` or `openssl rand 32`");
    }

    public static KeyMaterial FromBackup(string path, string? passwordFile)
    {
        var backup = SaltedBackup.Read(path);
        var password = Password.Read(passwordFile, isNew: false);
        try
        {
            return SaltedBackup.TryOpen(backup, password)
                ?? throw new KeygenException(
                    $"the password does not open {path}: check it, and that the file was made by openssl enc "
                        + "-aes-256-cbc");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }

    /// <summary>Null where the bytes are none of the three forms.</summary>
    public static KeyMaterial? Parse(ReadOnlySpan<byte> read)
    {
        if (read.Length == KeyMaterial.Length)
        {
            return KeyMaterial.CopyOf(read);
        }

        using var decoded = new SecretPage(KeyMaterial.Length + 1);
        var text = read.Trim(" \t\r\n"u8);
        var count = 0;
        var isDecoded = text.Length == HexLength
            ? Convert.FromHexString(text, decoded.GetSpan(), out _, out count) == OperationStatus.Done
            : text.Length == Base64Length
                && Base64.DecodeFromUtf8(text, decoded.GetSpan(), out _, out count) == OperationStatus.Done;
        return isDecoded && count == KeyMaterial.Length ? KeyMaterial.CopyOf(decoded.GetSpan()[..count]) : null;
    }

    private static KeyMaterial FromInput()
    {
        if (!Console.IsInputRedirected)
        {
            throw new KeygenException(
                "give the secret on standard input (openssl rand 32 | byok-operator key …), or --backup FILE")
            {
                ExitCode = ExitCodes.Usage,
            };
        }

        using var page = new SecretPage(SecretPage.Capacity);
        using var input = Console.OpenStandardInput();
        var count = input.ReadAtLeast(page.GetSpan(), SecretPage.Capacity, throwOnEndOfStream: false);
        return Parse(page.GetSpan()[..count])
            ?? throw new KeygenException(
                $"standard input gave {(count == SecretPage.Capacity ? "more than enough" : count)} bytes: a secret "
                    + $"is {KeyMaterial.Length} raw bytes, or those in base64 ({Base64Length} characters) or "
                    + $"hexadecimal ({HexLength})");
    }
}
