using System.CommandLine;

namespace ByokOperator.Keygen;

/// <summary><c>key wrap -k PUBLIC [--backup FILE]</c>: wraps a secret that exists already, from standard input or a backup.</summary>
internal static class WrapCommand
{
    private static readonly Option<string?> Backup = new("--backup") { Description = "read the secret from this password-protected backup, not from standard input" };

    public static Command Create(TimeProvider time)
    {
        Command command = new("wrap", "Wrap a secret from standard input (32 bytes, base64 or hex) or from a backup; print its key hash.");
        command.Options.Add(KeyOptions.PublicKey);
        command.Options.Add(KeyOptions.Out);
        command.Options.Add(Backup);
        command.Options.Add(KeyOptions.PasswordFile);
        command.Options.Add(KeyOptions.LegacySha1);
        command.Options.Add(KeyOptions.Force);
        command.SetAction(parsed => KeyCommand.Run(() => Act(parsed, time)));
        return command;
    }

    private static void Act(ParseResult parsed, TimeProvider time)
    {
        using var publicKey = PublicKeyFile.Load(parsed.GetValue(KeyOptions.PublicKey)!, time.GetUtcNow());
        var wrapped = new WrappedSecret(publicKey, parsed.GetValue(KeyOptions.Out)!, parsed.GetValue(KeyOptions.Force), parsed.GetValue(KeyOptions.LegacySha1));
        wrapped.RefuseIfThere();
        using var secret = SecretSource.Read(parsed.GetValue(Backup), parsed.GetValue(KeyOptions.PasswordFile));
        wrapped.WriteAndPrint(secret);
    }
}
