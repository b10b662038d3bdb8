using System.Diagnostics;
using System.Security.Cryptography;

namespace Byok.Material;

/// <summary>
/// Opens what a tenant uploaded. Mistakes that show in public bytes are told apart; whatever happens behind the private
/// key ends in one answer, and costs the same whichever key or padding fails: every key of the ciphertext's size is
/// tried with every padding allowed, found or not. RSAES-OAEP with SHA-256 (for the mask too);
/// with SHA-1 only by consent; PKCS#1 v1.5 never.
/// </summary>
internal static class MaterialOpener
{
    /// <summary>Current, previous, and those of the imports under way at a time:
    /// more would make one upload an attack on the CPU.</summary>
    public const int MostKeys = 8;

    private static readonly RSAEncryptionPadding[] Modern = [RSAEncryptionPadding.OaepSHA256];
    private static readonly RSAEncryptionPadding[] WithLegacy =
        [RSAEncryptionPadding.OaepSHA256, RSAEncryptionPadding.OaepSHA1];

    /// <param name="keys">those that are still good; the caller has the clock</param>
    /// <param name="uploaded">the ciphertext or its base64</param>
    /// <param name="keyHash">base64 of the SHA-256 of the secret, or of the RSA key's public half;
    /// null where the flow has none</param>
    /// <param name="allowLegacyWrapping">the key's owner has consented to OAEP with SHA-1</param>
    /// <param name="kind">what is wanted</param>
    public static OpenedMaterial Open(
        IReadOnlyList<WrappingKey> keys, ReadOnlyMemory<byte> uploaded, string? keyHash, bool allowLegacyWrapping,
        MaterialKind kind = MaterialKind.Symmetric256)
    {
        ArgumentOutOfRangeException.ThrowIfZero(keys.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keys.Count, MostKeys);
        byte[]? expected = null;
        if (keyHash is not null)
        {
            (expected, var refusal) = KeyHashText.Read(keyHash);
            if (refusal is not null)
            {
                return refusal;
            }
        }

        var form = new WrappedForm(kind, [.. keys.Select(key => key.WrappedLength)]);
        return EnvelopeReader.Read(uploaded.Span, form) switch
        {
            Envelope.Malformed malformed => new OpenedMaterial.Refused(malformed.Code, malformed.Message),
            Envelope.Wrapped wrapped when expected is not null
                && IsHashOfUpload(expected, uploaded.Span, wrapped.Ciphertext) => HashOfUpload,
            Envelope.Wrapped wrapped =>
                Unwrap([.. keys.Where(key => form.Fits(key.WrappedLength, wrapped.Ciphertext.Length))],
                    wrapped.Ciphertext, expected, allowLegacyWrapping ? WithLegacy : Modern, kind),
            _ => throw new UnreachableException(),
        };
    }

    private static OpenedMaterial Unwrap(
        WrappingKey[] keys, byte[] ciphertext, byte[]? expected, RSAEncryptionPadding[] paddings, MaterialKind kind)
    {
        using var scratch = new SecretPage(SecretPage.Capacity);
        var (length, head) = UnwrapInto(scratch.GetSpan(), keys, ciphertext, paddings);
        return kind switch
        {
            MaterialKind.Symmetric256 => Judge(scratch.GetSpan(), length, expected),
            MaterialKind.RsaPrivate =>
                RsaOpening.Open(scratch.GetSpan()[..KeyWrap.KeyBytes], length == KeyWrap.KeyBytes,
                    ciphertext.AsSpan(head), expected),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The first half of the scratch receives what RSA wrapped; the second takes every attempt. Gives its
    /// length, or -1, and how much of the ciphertext it was.</summary>
    private static (int Length, int Head) UnwrapInto(
        Span<byte> scratch, WrappingKey[] keys, byte[] ciphertext, RSAEncryptionPadding[] paddings)
    {
        var found = scratch[..(scratch.Length / 2)];
        var attempt = scratch[found.Length..];
        var (length, head) = (-1, keys[0].WrappedLength);
        foreach (var key in keys)
        {
            foreach (var padding in paddings)
            {
                if (key.Unwrap(ciphertext.AsSpan(0, key.WrappedLength), attempt, padding) is >= 0 and var count)
                {
                    attempt[..count].CopyTo(found);
                    (length, head) = (count, key.WrappedLength);
                }
            }
        }

        return (length, head);
    }

    private static OpenedMaterial Judge(ReadOnlySpan<byte> scratch, int length, byte[]? expected)
    {
        if (length < 0)
        {
            return UnwrapFailed;
        }

        if (length != KeyMaterial.Length)
        {
            return new OpenedMaterial.Refused(RefusalCodes.WrongLength,
                $"the wrapped secret has {length} bytes, not {KeyMaterial.Length}{LikelyCause(length)}: wrap the "
                    + $"{KeyMaterial.Length} random bytes themselves");
        }

        var secret = scratch[..length];
        if (expected is not null && !CryptographicOperations.FixedTimeEquals(SHA256.HashData(secret), expected))
        {
            return new OpenedMaterial.Refused(RefusalCodes.HashMismatch,
                "the secret that was wrapped is not the one that the key hash was made of: upload a pair from one run "
                    + "of the script");
        }

        return MaterialStrength.WeaknessOf(secret) is { } weakness
            ? new OpenedMaterial.Refused(RefusalCodes.Weak,
                $"the secret is no random key ({weakness}): make one with `byok-operator key generate` or `openssl "
                    + "rand 32`")
            : new OpenedMaterial.Opened(KeyMaterial.CopyOf(secret));
    }

    private static OpenedMaterial.Refused UnwrapFailed => new(
        RefusalCodes.UnwrapFailed,
        "the upload can't be opened: download this region's public key anew, wrap the secret with RSAES-OAEP, SHA-256 "
            + "for hash and mask, and upload the result whole (SHA-1 needs allowLegacyWrapping; PKCS#1 v1.5 is never "
            + "accepted)");

    private static string LikelyCause(int length) => length switch
    {
        KeyMaterial.Length + 1 => " (a line end too many?)",
        44 or 45 => " (its base64?)",
        64 or 65 => " (its hexadecimal form?)",
        16 or 24 => " (an AES key too short?)",
        _ => "",
    };

    private static OpenedMaterial.Refused HashOfUpload => new(
        RefusalCodes.HashOfUpload,
        "the key hash is that of the wrapped file: it must be that of the secret, as `Key Hash` prints it when the "
            + "secret is made");

    private static bool IsHashOfUpload(byte[] expected, ReadOnlySpan<byte> uploaded, byte[] ciphertext) =>
        CryptographicOperations.FixedTimeEquals(expected, SHA256.HashData(uploaded))
            || CryptographicOperations.FixedTimeEquals(expected, SHA256.HashData(ciphertext));
}

/// <summary>What became of an upload.</summary>
internal abstract record OpenedMaterial
{
    private OpenedMaterial()
    {
    }

    /// <summary>Whoever receives it disposes the material.</summary>
    public sealed record Opened(KeyMaterial Material) : OpenedMaterial;

    /// <summary>Wrapped for somebody else, who alone can open it, so it is handed on as it is.
    /// The digest tells two of them apart.</summary>
    public sealed record PassedOn(ReadOnlyMemory<byte> Content, string Digest) : OpenedMaterial;

    /// <summary>Code is one of <see cref="RefusalCodes"/>;
    /// the message names the mend and nothing of the upload's content.</summary>
    public sealed record Refused(string Code, string Message) : OpenedMaterial;
}
