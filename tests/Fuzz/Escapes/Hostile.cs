namespace Fuzz.Escapes;

/// <summary>Values that try to be more than a value: to end a quote, begin an option, a line or a statement, name a
/// variable, climb a path, match a neighbour.</summary>
internal sealed class Hostile(Random random)
{
    private const int MostPieces = 3;

    private static readonly string[] pieces =
    [
        "'", "\"", "`", "\\", "\\\"", "''", "$(touch owned)", "$(AWS_SECRET_ACCESS_KEY)", "$$(HOME)", "${aws:username}",
        "${*}", "$", "%24", "*", "?", "**",
        "\n", "\r\n", "\r", "\t", " ", "\0", "\v", "\u0007", "\u001b[2J", "\u0085", "\u2028", "\u2029", "\u202e",
        "\u200f", "\ufeff", "\ud800", "\udc00",
        ";", "|", "&", "&&", "<", ">", "(", ")", "{", "}", "[", "]", "{{", "}}", "!", "~", "#", "# ", "--", "-",
        "--target=eu-west-1/victim", "=", ":", ",", "@",
        "@/etc/passwd", "/", "//", "/../", "/./", "..", "%2e%2e%2f", "%2F", "%00", "%", "+", "?comp=acl", "#frag",
        "@evil.example", ":443@", "&amp;", "<x>",
        "]]>", "</Key>", "\"}],\"Statement\":[", "'));--", "\\u0022", "é", "e\u0301", "\U0001F600", "\uFF08", "İ", "ß",
        "_", ".", "a", "Z", "9", "xn--",
    ];

    /// <summary>The value itself in one of four: one field at a time mostly,
    /// so that not everything is refused for another's sake.</summary>
    public string Perhaps(string valid) => random.Next(4) == 0 ? valid : Of(valid);

    public string Of(string valid)
    {
        var text = random.Next(12) == 0 ? "" : valid;
        for (var times = random.Next(MostPieces) + 1; times > 0; times--)
        {
            var at = random.Next(3) switch
            {
                0 => 0,
                1 => text.Length,
                _ => random.Next(text.Length + 1),
            };
            text = text.Insert(at, pieces[random.Next(pieces.Length)]);
        }

        return text;
    }

    /// <summary>One of them hostile, the others as they are.</summary>
    public string[] OneOf(params string[] valid)
    {
        var made = valid.ToArray();
        var chosen = random.Next(valid.Length);
        made[chosen] = Of(valid[chosen]);
        return made;
    }
}
