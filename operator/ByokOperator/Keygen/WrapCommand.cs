using System.CommandLine;

namespace ByokOperator.Keygen;

/// <summary><c>key wrap -k PUBLIC [--rsa] [--backup FILE]</c>: wraps a secret that exists already,
/// from standard input or a backup.</summary>
internal static class WrapCommand
{
    private static readonly Option<string?> Backup = new(
        "--backup") { Description = "read the secret from this password-protected backup, not from standard input" };

    public static Command Create(TimeProvider time)
    {
        var command = WrappingCommand.Create("wrap",
            "Wrap a secret from standard input (32 bytes, base64 or hex; with --rsa an RSA key) or from a backup; "
                + "print its key hash.", Backup, time, Act);
        command.Options.Add(KeyOptions.Rsa);
        return command;
    }

    private static void Act(ParseResult parsed, WrappedSecret wrapped)
    {
        using var secret = SecretSource.Read(parsed, Backup);
        wrapped.WriteAndPrint(secret);
    }
}
