using System.CommandLine;

namespace ByokOperator.Keygen;

/// <summary><c>key hash [--rsa] [--backup FILE]</c>: the key hash of a secret,
/// to compare with what was registered.</summary>
internal static class HashCommand
{
    private static readonly Option<string?> Backup = new(
        "--backup") { Description = "read the secret from this password-protected backup, not from standard input" };

    public static Command Create()
    {
        Command command = new("hash",
            "Print the key hash of a secret from standard input (32 bytes, base64 or hex; with --rsa an RSA key) or "
                + "from a backup.");
        command.Options.Add(Backup);
        command.Options.Add(KeyOptions.PasswordFile);
        command.Options.Add(KeyOptions.Rsa);
        command.SetAction(parsed => KeyCommand.Run(() =>
        {
            using var secret = SecretSource.Read(parsed, Backup);
            Console.Out.WriteLine(secret.HashText());
        }));
        return command;
    }
}
