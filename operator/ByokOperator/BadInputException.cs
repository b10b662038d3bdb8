namespace ByokOperator;

/// <summary>Somebody gave what can't be meant. The message is for that person: which flag, variable or file,
/// and the mend.</summary>
internal sealed class BadInputException(string message) : Exception(message)
{
    /// <summary>Throws where there is anything to say.</summary>
    public static void ThrowIfAny(IReadOnlyCollection<string> violations)
    {
        if (violations.Count > 0)
        {
            throw new BadInputException(string.Join("; ", violations));
        }
    }
}
