using System.Text;

namespace MaterialProbe;

/// <summary>What a secret looks like where it lies about: as it is, backwards as big numbers keep it, and written out,
/// in a string and in bytes.</summary>
public static class SecretForms
{
    public static IReadOnlyList<byte[]> Of(byte[] secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var base64 = Convert.ToBase64String(secret);
        string[] texts = [base64, base64.Replace('+', '-').Replace('/', '_').TrimEnd('='),
            Convert.ToHexStringLower(secret), Convert.ToHexString(secret)];
        return [secret, [.. secret.Reverse()], .. texts.Select(Encoding.ASCII.GetBytes),
            .. texts.Select(Encoding.Unicode.GetBytes)];
    }
}
