using System.Text.RegularExpressions;

namespace Fuzz.Nonsense;

/// <summary>Documents of XML that are wrong in one place.</summary>
internal static partial class XmlNonsense
{
    private const string Bomb =
        """<!DOCTYPE x [<!ENTITY a "xxxxxxxxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>""";

    private static readonly string[] texts =
    [
        "", " ", "null", "true", "-1", "1e400", "99999999999999999999", "&d;", "&#0;", "&#xFFFF;", "]]>",
        "<![CDATA[x]]>", "<!-- -->", "<a/>", "aws:kms", "AES256", "Enabled", "x",
        "2027-01-01t00:00:00z", "9999-12-31T23:59:59Z", "arn:aws:kms:eu-west-1:333333333333:key/other", "NoSuchBucket",
        "AccessDenied", "other-tenant",
    ];

    public static string Of(string document, Random random)
    {
        var elements = Element().Matches(document);
        if (elements.Count == 0)
        {
            return document + texts[random.Next(texts.Length)];
        }

        var chosen = elements[random.Next(elements.Count)];
        var whole = chosen.Value;
        var (before, after) = (document[..chosen.Index], document[(chosen.Index + chosen.Length)..]);
        return random.Next(8) switch
        {
            0 => before + after,
            1 => before + whole + whole + after,
            2 => before + string.Concat(Enumerable.Repeat(whole, random.Next(300) + 2)) + after,
            3 => Bomb + before + chosen.Result("<${name}>&d;</${name}>") + after,
            4 => before + string.Concat(Enumerable.Repeat("<a>", 3_000)) + after,
            5 => before + chosen.Result("<${name}X>${text}</${name}X>") + after,
            6 => before + chosen.Result("<${name}>") + new string('x', 70_000) + chosen.Result("</${name}>") + after,
            _ =>
                before + chosen.Result("<${name}>") + texts[random.Next(texts.Length)] + chosen.Result("</${name}>")
                    + after,
        };
    }

    /// <summary>One that holds text alone.</summary>
    [GeneratedRegex(@"<(?<name>[A-Za-z]\w*)[^<>]*>(?<text>[^<>]*)</\k<name>>", RegexOptions.CultureInvariant)]
    private static partial Regex Element();
}
