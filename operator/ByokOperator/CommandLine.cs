using System.CommandLine;

namespace ByokOperator;

/// <summary>How every command line is read.</summary>
internal static class CommandLine
{
    /// <summary>A word that begins with an at sign is that word, and no file to read more words from:
    /// some are names that tenants chose.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>Null where it is empty too.</summary>
    public static string? Env(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
