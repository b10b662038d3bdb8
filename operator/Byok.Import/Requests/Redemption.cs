namespace Byok.Import.Requests;

/// <summary>What became of an upload against a token.</summary>
public abstract record Redemption
{
    private Redemption()
    {
    }

    /// <summary>It opens, and the token is used up by it.</summary>
    /// <param name="Request">As it stands now, with when it was used.</param>
    /// <param name="Ciphertext">Still wrapped.</param>
    /// <param name="KeyHash">Base64 of the secret's SHA-256.</param>
    /// <param name="IsRepetition">The very upload that was accepted before.</param>
    public sealed record Accepted(
        ImportRequest Request, byte[] Ciphertext, string KeyHash, bool IsRepetition) : Redemption;

    /// <summary>No such token, or not for this key: which of them is not told.</summary>
    public sealed record Unknown : Redemption;

    public sealed record Expired : Redemption;

    /// <summary>An upload was accepted already.</summary>
    public sealed record Used : Redemption;

    /// <summary>Too many uploads failed.</summary>
    public sealed record Exhausted : Redemption;

    /// <summary>A mistake that shows in the upload's public bytes; the token stays good.</summary>
    public sealed record Malformed(string Code, string Message) : Redemption;

    /// <summary>It did not open, or what came out is no key. Which of them is told to nobody.</summary>
    public sealed record NotOpened : Redemption;

    /// <summary>The platform's wrapping key does not open the request's pair any more:
    /// a new request is the mend.</summary>
    public sealed record Lost : Redemption;
}
