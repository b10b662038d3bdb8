namespace ByokOperator.Keygen;

/// <summary>What the person at the keyboard reads: one line that names the mend,
/// and nothing of a secret or a password.</summary>
internal sealed class KeygenException : Exception
{
    public KeygenException()
    {
    }

    public KeygenException(string message)
        : base(message)
    {
    }

    public KeygenException(string message, Exception cause)
        : base(message, cause)
    {
    }

    public int ExitCode { get; init; } = ExitCodes.Failed;
}
