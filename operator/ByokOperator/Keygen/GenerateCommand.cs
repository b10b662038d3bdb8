using System.CommandLine;
using System.Security.Cryptography;
using ByokOperator.Hosting;
using ByokOperator.Material;

namespace ByokOperator.Keygen;

/// <summary><c>key generate -k PUBLIC [--backup FILE]</c>: a fresh secret that touches the disk wrapped, and under a password where asked.</summary>
internal static class GenerateCommand
{
    private static readonly Option<string?> Backup = new("--backup")
    {
        Description = "also keep the secret in FILE under a password; read it by: openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -in FILE",
    };

    public static Command Create(TimeProvider time)
    {
        Command command = new("generate", "Make a 256-bit secret, wrap it with the platform's public key, print its key hash.");
        command.Options.Add(KeyOptions.PublicKey);
        command.Options.Add(KeyOptions.Out);
        command.Options.Add(Backup);
        command.Options.Add(KeyOptions.PasswordFile);
        command.Options.Add(KeyOptions.LegacySha1);
        command.Options.Add(KeyOptions.Force);
        command.SetAction(parsed => KeyCommand.Run(() => Act(parsed, time)));
        return command;
    }

    /// <summary>Everything that can be refused is refused before there is a secret; the backup is written before what depends on it.</summary>
    private static void Act(ParseResult parsed, TimeProvider time)
    {
        using var publicKey = PublicKeyFile.Load(parsed.GetValue(KeyOptions.PublicKey)!, time.GetUtcNow());
        var wrapped = new WrappedSecret(publicKey, parsed.GetValue(KeyOptions.Out)!, parsed.GetValue(KeyOptions.Force), parsed.GetValue(KeyOptions.LegacySha1));
        wrapped.RefuseIfThere();
        var backup = parsed.GetValue(Backup);
        if (backup is null)
        {
            using var unkept = KeyMaterial.Generate();
            wrapped.WriteAndPrint(unkept);
            Console.Error.WriteLine("No backup was made: the same secret can't be brought again once the platform's wrapping key has changed. With --backup FILE it can.");
            return;
        }

        if (Path.GetFullPath(backup) == Path.GetFullPath(wrapped.Path))
        {
            throw new KeygenException("--out and --backup name the same file: the wrapped secret would replace its backup") { ExitCode = ExitCodes.Usage };
        }

        // It may be the last copy of a secret in use: who wants it gone removes it by hand.
        SafeFile.RefuseIfThere(backup, "a backup is never replaced; choose another name");
        var password = Password.Read(parsed.GetValue(KeyOptions.PasswordFile), isNew: true);
        using var secret = KeyMaterial.Generate();
        try
        {
            SafeFile.Write(backup, SaltedBackup.Seal(secret, password), mayReplace: false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }

        Console.Error.WriteLine($"Wrote the backup {backup}; read it by: openssl enc -d -aes-256-cbc -pbkdf2 -iter {SaltedBackup.Iterations} -in {backup}");
        wrapped.WriteAndPrint(secret);
    }
}
