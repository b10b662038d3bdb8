using System.CommandLine;

namespace ByokOperator.Keygen;

/// <summary>The verbs that end in a wrapped secret. Everything that can be refused
/// is refused before there is one.</summary>
internal static class WrappingCommand
{
    public static Command Create(
        string name, string description, Option<string?> backup, TimeProvider time,
        Action<ParseResult, WrappedSecret> act)
    {
        Command command = new(name, description);
        command.Options.Add(KeyOptions.PublicKey);
        command.Options.Add(KeyOptions.Out);
        command.Options.Add(backup);
        command.Options.Add(KeyOptions.PasswordFile);
        command.Options.Add(KeyOptions.LegacySha1);
        command.Options.Add(KeyOptions.Force);
        command.SetAction(parsed => KeyCommand.Run(() =>
        {
            using var publicKey = PublicKeyFile.Load(parsed.GetValue(KeyOptions.PublicKey)!, time.GetUtcNow());
            var wrapped = new WrappedSecret(publicKey, parsed.GetValue(KeyOptions.Out)!,
                parsed.GetValue(KeyOptions.Force), parsed.GetValue(KeyOptions.LegacySha1));
            wrapped.RefuseIfThere();
            act(parsed, wrapped);
        }));
        return command;
    }
}
