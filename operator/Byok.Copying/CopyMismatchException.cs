namespace Byok.Copying;

/// <summary>The target is not what it has to be. Trying again will not change that; a person has to look.</summary>
public sealed class CopyMismatchException(string message) : Exception(message);
