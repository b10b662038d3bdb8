using System.Text;
using System.Text.Json.Nodes;
using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>What is put into a vault: the material as a JSON web key, with its expiry and its tags.</summary>
internal static class ImportBody
{
    /// <summary>
    /// Blanks before and behind: an HTTP client gathers what is short in a buffer of its own, which nobody wipes.
    /// Between blanks longer than that buffer the key goes to TLS from where it lies.
    /// </summary>
    private const int Margin = 16 * 1024;

    /// <summary>A key of 4096 bits, or the longest transfer blob, encoded; and the tags.</summary>
    private const int LongestContent = 2 * TransferBlob.Longest;

    private static ReadOnlySpan<byte> Operations => """ "key_ops":["wrapKey","unwrapKey"]}"""u8;

    /// <summary>Whoever sends it disposes it.</summary>
    public static PinnedText Of(RsaPrivateKey key, ImportTarget target)
    {
        var text = Begun();
        text.Add("""{"key":{"kty":"RSA","n":" """u8.TrimEnd((byte)' '));
        text.AddNumber(key.Modulus.Span, key.Bytes);
        text.Add("\",\"e\":\""u8);
        text.AddBase64Url(key.Exponent.Span.TrimStart((byte)0));
        text.Add("\","u8);
        AddSecrets(text, key);
        return Ended(text, key.Digest, target);
    }

    /// <summary>Not a secret to us, but it takes the same way.</summary>
    public static PinnedText Of(TransferBlob blob, ReadOnlySpan<byte> content, ImportTarget target)
    {
        var text = Begun();
        text.Add("""{"key":{"kty":"RSA-HSM","key_hsm":" """u8.TrimEnd((byte)' '));
        text.AddBase64Url(content);
        text.Add("\","u8);
        return Ended(text, blob.Digest, target);
    }

    private static void AddSecrets(PinnedText text, RsaPrivateKey key)
    {
        string[] names = ["d", "p", "q", "dp", "dq", "qi"];
        foreach (var (name, number) in names.Zip(key.Secrets))
        {
            text.Add(Encoding.ASCII.GetBytes($"\"{name}\":\""));
            text.AddNumber(number.Span, name == "d" ? key.Bytes : key.Bytes / 2);
            text.Add("\","u8);
        }
    }

    private static PinnedText Begun()
    {
        var text = new PinnedText(Margin + LongestContent + Margin);
        text.AddBlanks(Margin);
        return text;
    }

    private static PinnedText Ended(PinnedText text, string digest, ImportTarget target)
    {
        var attributes = new JsonObject { ["enabled"] = true };
        if (target.Expiry is MaterialExpiry.At at)
        {
            attributes["exp"] = at.ValidTo.ToUnixTimeSeconds();
        }

        text.Add(Operations);
        text.Add(","u8);
        var rest = new JsonObject
        {
            ["attributes"] = attributes, ["tags"] = ImportTags.For(target.Owner, digest, target.Turn),
        };
        text.Add(Encoding.UTF8.GetBytes(rest.ToJsonString()).AsSpan(1)); // goes on in the object that is open
        text.AddBlanks(Margin);
        return text;
    }
}

/// <summary>What a version is to be, apart from its material.</summary>
/// <param name="Turn">Which material of the key it is, from 1.</param>
internal sealed record ImportTarget(ImportedKeyOwner Owner, MaterialExpiry Expiry, int Turn);
