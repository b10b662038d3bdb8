namespace Byok.Copying;

/// <summary>The version was overwritten or deleted between its listing and its copy.</summary>
internal sealed class SourceChangedException(string key) : Exception($"the source changed while '{key}' was copied");
