using System.CommandLine;
using System.Numerics;
using System.Security.Cryptography;
using Byok.Material;

namespace ByokOperator.Keygen;

/// <summary>
/// <c>key verify FILE -k PUBLIC --key-hash HASH [--backup FILE]</c>: all that can be checked before the upload without
/// the platform's private key, by the code that the platform itself reads uploads with.
/// </summary>
internal static class VerifyCommand
{
    private static readonly Argument<string> Wrapped =
        new("FILE") { Description = "the wrapped secret", DefaultValueFactory = _ => "encrypted_secret.bin" };
    private static readonly Option<string> KeyHash =
        new("--key-hash") { Description = "the key hash, as generate and wrap print it", Required = true };
    private static readonly Option<string?> Backup =
        new("--backup") { Description = "also check that the key hash is that of the secret in this backup" };

    public static Command Create(TimeProvider time)
    {
        Command command = new("verify", "Check a wrapped secret and its key hash before the upload.");
        command.Arguments.Add(Wrapped);
        command.Options.Add(KeyOptions.PublicKey);
        command.Options.Add(KeyHash);
        command.Options.Add(Backup);
        command.Options.Add(KeyOptions.PasswordFile);
        command.SetAction(parsed => KeyCommand.Run(() => Act(parsed, time)));
        return command;
    }

    private static void Act(ParseResult parsed, TimeProvider time)
    {
        var path = parsed.GetValue(Wrapped)!;
        using var publicKey = PublicKeyFile.Load(parsed.GetValue(KeyOptions.PublicKey)!, time.GetUtcNow());
        Console.Out.WriteLine(
            $"public key: RSA-{publicKey.KeySize}, fingerprint {WrappingKey.FingerprintOf(publicKey)}");

        var content = Content(path);
        var ciphertext = Ciphertext(path, content, publicKey);
        Console.Out.WriteLine($"{path}: {ciphertext.Length} bytes, as a secret wrapped with this key has");

        var (hash, refusal) = KeyHashText.Read(parsed.GetValue(KeyHash)!);
        if (hash is null)
        {
            throw new KeygenException($"{refusal?.Message}");
        }

        if (hash.AsSpan().SequenceEqual(SHA256.HashData(content))
            || hash.AsSpan().SequenceEqual(SHA256.HashData(ciphertext)))
        {
            throw new KeygenException(
                $"the key hash is that of {path}: it must be that of the secret, as `key generate` and `key wrap` "
                    + "print it");
        }

        Console.Out.WriteLine("key hash: base64 of 32 bytes, not that of the file");
        CompareWithBackup(parsed.GetValue(Backup), parsed.GetValue(KeyOptions.PasswordFile), hash);
        Console.Out.WriteLine(
            "not checked, since only the platform can: that the file opens, and holds the secret of this key hash");
    }

    private static byte[] Content(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
        var content = new byte[EnvelopeReader.MostBytes + 1];
        return content[..file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
    }

    private static byte[] Ciphertext(string path, byte[] content, RSA publicKey)
    {
        var envelope =
            EnvelopeReader.Read(content, new WrappedForm(MaterialKind.Symmetric256, [publicKey.KeySize / 8]));
        if (envelope is not Envelope.Wrapped { Ciphertext: var ciphertext })
        {
            throw new KeygenException($"{path}: {(envelope as Envelope.Malformed)?.Message}");
        }

        var modulus = publicKey.ExportParameters(includePrivateParameters: false).Modulus;
        return new BigInteger(ciphertext, isUnsigned: true, isBigEndian: true)
            < new BigInteger(modulus, isUnsigned: true, isBigEndian: true)
            ? ciphertext
            : throw new KeygenException(
                $"{path} was not wrapped with this public key: wrap the secret anew with the key of your region");
    }

    private static void CompareWithBackup(string? backup, string? passwordFile, byte[] hash)
    {
        if (backup is null)
        {
            return;
        }

        using var secret = SecretSource.FromBackup(backup, passwordFile);
        if (!secret.HashIs(hash))
        {
            throw new KeygenException(
                $"the key hash is not that of the secret in {backup}: give the pair that belongs together");
        }

        Console.Out.WriteLine($"{backup}: holds the secret of this key hash");
    }
}
