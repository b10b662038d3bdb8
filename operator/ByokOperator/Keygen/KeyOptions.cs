using System.CommandLine;

namespace ByokOperator.Keygen;

/// <summary>What the four verbs share.</summary>
internal static class KeyOptions
{
    public static readonly Option<string> PublicKey = new("--public-key", "-k")
    {
        Description = "the platform's public key or certificate for your region (PEM or DER)", Required = true,
    };

    public static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "where the wrapped secret is written", DefaultValueFactory = _ => "encrypted_secret.bin",
    };

    public static readonly Option<bool> Force =
        new("--force") { Description = "replace the file of --out; a backup is never replaced" };

    public static readonly Option<bool> LegacySha1 = new("--legacy-sha1")
    {
        Description = "wrap by OAEP with SHA-1: only for a key that says allowLegacyWrapping",
    };

    public static readonly Option<bool> Rsa = new(
        "--rsa") { Description = "it is an RSA private key, for a vault on Azure (PEM or DER), not a 256-bit secret" };

    public static readonly Option<string?> PasswordFile =
        new("--password-file") { Description = "file whose first line is the backup's password; asked for otherwise" };
}
