using System.CommandLine;
using System.Security.Cryptography;
using Byok.Material;

namespace ByokOperator.Keygen;

/// <summary><c>key generate -k PUBLIC [--rsa BITS] [--backup FILE]</c>: a fresh secret that touches the disk wrapped,
/// and under a password where asked.</summary>
internal static class GenerateCommand
{
    private static readonly Option<string?> Backup = new("--backup")
    {
        Description =
            "also keep the secret in FILE under a password; read it by: openssl enc -d -aes-256-cbc -pbkdf2 -iter "
                + "600000 -in FILE (an RSA key by: openssl pkey -in FILE)",
    };

    private static readonly Option<int?> Rsa = new("--rsa")
    {
        Description =
            "make an RSA key of so many bits (2048, 3072 or 4096), for a vault on Azure, instead of a 256-bit secret",
    };

    public static Command Create(TimeProvider time)
    {
        var command = WrappingCommand.Create("generate",
            "Make a 256-bit secret or an RSA key, wrap it with the platform's public key, print its key hash.", Backup,
            time, Act);
        command.Options.Add(Rsa);
        return command;
    }

    /// <summary>The backup is written before what depends on it.</summary>
    private static void Act(ParseResult parsed, WrappedSecret wrapped)
    {
        var backup = parsed.GetValue(Backup);
        if (backup is null)
        {
            using var unkept = Make(parsed);
            wrapped.WriteAndPrint(unkept);
            Console.Error.WriteLine(
                "No backup was made: the same secret can't be brought again once the platform's wrapping key has "
                    + "changed. With --backup FILE it can.");
            return;
        }

        if (Path.GetFullPath(backup) == Path.GetFullPath(wrapped.Path))
        {
            throw new KeygenException(
                "--out and --backup name the same file: the wrapped secret would replace its backup")
            {
                ExitCode = ExitCodes.Usage,
            };
        }

        // It may be the last copy of a secret in use: who wants it gone removes it by hand.
        SafeFile.RefuseIfThere(backup, "a backup is never replaced; choose another name");
        var password = Password.Read(parsed.GetValue(KeyOptions.PasswordFile), isNew: true);
        using var secret = Make(parsed);
        var isRsa = secret.Kind == MaterialKind.RsaPrivate;
        try
        {
            SafeFile.Write(backup, isRsa ? RsaSource.Encrypt(secret, password)
                : SaltedBackup.Encrypt(secret, password), mayReplace: false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }

        Console.Error.WriteLine(
            $"Wrote the backup {backup}; read it by: "
                + $"{(isRsa ? "openssl pkey" : $"openssl enc -d -aes-256-cbc -pbkdf2 -iter {SaltedBackup.Iterations}")} -in {backup}");
        wrapped.WriteAndPrint(secret);
    }

    private static KeyMaterial Make(ParseResult parsed) =>
        parsed.GetValue(Rsa) is { } bits ? RsaSource.Generate(bits) : KeyMaterial.Generate();
}
