using System.CommandLine;
using Byok.Material;

namespace ByokOperator.Keygen;

/// <summary><c>key fingerprint HASH</c>: what a key's status calls the secret of this key hash,
/// to find out which backup it asks for.</summary>
internal static class FingerprintCommand
{
    private static readonly Argument<string> Hash =
        new("HASH") { Description = "the key hash, as generate, wrap and hash print it; no secret" };

    public static Command Create()
    {
        Command command =
            new("fingerprint", "Print the fingerprint that a key's status knows the secret of this key hash by.");
        command.Arguments.Add(Hash);
        command.SetAction(parsed => KeyCommand.Run(() =>
        {
            var (hash, refusal) = KeyHashText.Read(parsed.GetValue(Hash)!);
            Console.Out.WriteLine(hash is not null ? MaterialFingerprint.Of(hash)
                : throw new KeygenException($"{refusal?.Message}"));
        }));
        return command;
    }
}
