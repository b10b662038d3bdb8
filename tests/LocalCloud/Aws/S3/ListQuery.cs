using System.Globalization;
using System.Xml;

namespace LocalCloud.Aws.S3;

/// <summary>What the list operations have in common: prefix, delimiter, page size, encoding.</summary>
internal sealed class ListQuery
{
    private const int MaxPage = 1000;

    public ListQuery(S3Call call, string limitName = "max-keys")
    {
        Prefix = call.Query("prefix") ?? "";
        Delimiter = call.Query("delimiter") is { Length: > 0 } given ? given : null;
        Encoding = call.Query("encoding-type");
        if (Encoding is not (null or "url"))
        {
            throw S3Problems.InvalidArgument("Invalid Encoding Method specified in Request");
        }

        var text = call.Query(limitName);
        Limit = string.IsNullOrEmpty(text) ? MaxPage
            : int.TryParse(text, CultureInfo.InvariantCulture, out var wanted)
                && wanted >= 0 ? Math.Min(wanted, MaxPage)
            : throw S3Problems.InvalidArgument($"Provided {limitName} not an integer or within integer range");
    }

    public string Prefix { get; }

    public string? Delimiter { get; }

    public string? Encoding { get; }

    public int Limit { get; }

    public string Show(string text) => Encoding is null ? text : Rfc3986.Encode(text, keepSlash: true);

    /// <summary>The common prefix that swallows a key, or null.</summary>
    public string? Group(string key)
    {
        if (Delimiter is null)
        {
            return null;
        }

        var at = key.IndexOf(Delimiter, Prefix.Length, StringComparison.Ordinal);
        return at < 0 ? null : key[..(at + Delimiter.Length)];
    }

    /// <summary>The first key beyond all that start with the prefix given.</summary>
    public static string After(string prefix) => prefix + char.ConvertFromUtf32(0x10FFFF);

    public void WriteHead(XmlWriter xml, string bucket, string limitElement)
    {
        xml.WriteElementString("Name", bucket);
        xml.WriteElementString("Prefix", Show(Prefix));
        xml.WriteElementString(limitElement, Limit.ToString(CultureInfo.InvariantCulture));
        if (Delimiter is not null)
        {
            xml.WriteElementString("Delimiter", Show(Delimiter));
        }

        if (Encoding is not null)
        {
            xml.WriteElementString("EncodingType", Encoding);
        }
    }

    public void WriteGroups(XmlWriter xml, IEnumerable<string> groups)
    {
        foreach (var group in groups)
        {
            xml.WriteStartElement("CommonPrefixes");
            xml.WriteElementString("Prefix", Show(group));
            xml.WriteEndElement();
        }
    }

    /// <summary>What a list says of an object's bytes.</summary>
    public static void WriteContent(XmlWriter xml, ObjectVersion version)
    {
        xml.WriteElementString("ETag", ObjectAnswers.Quoted(version.ETag));
        if (version.Checksum is { } checksum)
        {
            xml.WriteElementString("ChecksumAlgorithm", checksum.Algorithm.ToString());
            xml.WriteElementString("ChecksumType", checksum.TypeName);
        }

        xml.WriteElementString("Size", version.Content.Length.ToString(CultureInfo.InvariantCulture));
        xml.WriteElementString("StorageClass", version.StorageClass);
    }
}
