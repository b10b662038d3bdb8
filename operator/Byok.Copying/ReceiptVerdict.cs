namespace Byok.Copying;

/// <summary>Whether a receipt may be written.</summary>
public abstract record ReceiptVerdict
{
    private ReceiptVerdict()
    {
    }

    /// <summary>Every shard is finished and adds up.</summary>
    public sealed record Proved(Receipt Receipt) : ReceiptVerdict;

    /// <summary>It may not, and why. Nothing is written.</summary>
    public sealed record Refused(string Reason) : ReceiptVerdict;
}
