namespace Byok.Copying;

/// <summary>An object that no attempt can copy as it is.</summary>
/// <param name="Version">Null where its store keeps none.</param>
/// <param name="Fix">What has to be done with it, in words for people.</param>
public sealed record RefusedObject(string Key, string? Version, string Code, string Fix)
{
    /// <summary>A name goes into conditions and Events: no longer than a line,
    /// and no character that a terminal would obey.</summary>
    private const int ShownLetters = 120;

    public string Shown => $"'{Plain(Key)}'{(Version is null ? "" : $" (version {Plain(Version)})")}";

    /// <summary>Words of somebody else's as a person may be shown them.</summary>
    public static string Escaped(string words) => string.Concat(words.Select(letter =>
        char.IsControl(letter) || letter is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E')
            ? $"\\u{(int)letter:X4}" : letter.ToString()));

    private static string Plain(string name)
    {
        var shown = Escaped(name);
        return shown.Length <= ShownLetters ? shown : shown[..ShownLetters] + "...";
    }
}
