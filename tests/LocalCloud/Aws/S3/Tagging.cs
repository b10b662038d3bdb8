using System.Xml;
using System.Xml.Linq;

namespace LocalCloud.Aws.S3;

/// <summary>Tags in their two clothes: the x-amz-tagging header and the Tagging document.</summary>
internal static class Tagging
{
    private const int MaxObjectTags = 10;

    public static IReadOnlyList<KeyValuePair<string, string>> FromHeader(string? header)
    {
        if (string.IsNullOrEmpty(header))
        {
            return [];
        }

        return Checked([.. header.Split('&').Select(part =>
        {
            var mark = part.IndexOf('=', StringComparison.Ordinal);
            return mark < 0 ? new KeyValuePair<string, string>(Decode(part), "")
                : new(Decode(part[..mark]), Decode(part[(mark + 1)..]));
        })]);
    }

    public static IReadOnlyList<KeyValuePair<string, string>> FromXml(XElement root) =>
        Checked(
            [.. root.One("TagSet")?.All("Tag")
                .Select(tag => new KeyValuePair<string, string>(tag.Text("Key") ?? "", tag.Text("Value") ?? ""))
                    ?? []]);

    public static void Write(XmlWriter xml, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        xml.WriteStartElement("TagSet");
        foreach (var (name, value) in tags)
        {
            xml.WriteStartElement("Tag");
            xml.WriteElementString("Key", name);
            xml.WriteElementString("Value", value);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static List<KeyValuePair<string, string>> Checked(List<KeyValuePair<string, string>> tags)
    {
        if (tags.Count > MaxObjectTags)
        {
            throw new AwsProblem(400, "BadRequest", "Object tags cannot be greater than 10");
        }

        return tags.DistinctBy(tag => tag.Key).Count() == tags.Count ? tags
            : throw new AwsProblem(400, "InvalidTag", "Cannot provide multiple Tags with the same key");
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
