namespace Byok.Material;

/// <summary>What an upload is found to be before any key is tried: facts about public bytes only.</summary>
internal abstract record Envelope
{
    private Envelope()
    {
    }

    /// <summary>The RSA ciphertext.</summary>
    public sealed record Wrapped(byte[] Ciphertext) : Envelope;

    public sealed record Malformed(string Code, string Message) : Envelope;
}
