namespace Byok.Copying;

/// <summary>The evidence does not add up: a chunk is missing, or not the one that was written.</summary>
public sealed class ManifestDamagedException(string message, Exception? inner = null) : Exception(message, inner);
