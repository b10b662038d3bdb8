namespace Fuzz;

/// <summary>What a fuzz is there to find.</summary>
internal sealed class FindException(string message, Exception? cause = null) : Exception(message, cause);
