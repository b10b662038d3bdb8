using System.Xml;
using LocalCloud.Storage;

namespace LocalCloud.Aws.S3;

/// <summary>ListObjectVersions: every version and delete marker, newest first within a key.</summary>
internal sealed class VersionLists
{
    private sealed class Page
    {
        public List<(string Key, ObjectVersion Version, bool Latest)> Versions { get; } = [];

        public List<string> Groups { get; } = [];

        public string LastKey { get; set; } = "";

        public string? LastId { get; set; }

        public bool More { get; set; }

        public int Count => Versions.Count + Groups.Count;
    }

    public Task ListObjectVersions(S3Call call)
    {
        var bucket = call.Permitted("s3:ListBucketVersions");
        var query = new ListQuery(call);
        var keyMarker = call.Query("key-marker") ?? "";
        var idMarker = call.Query("version-id-marker") is { Length: > 0 } given ? given : null;
        if (idMarker is not null && keyMarker.Length == 0)
        {
            throw S3Problems.InvalidArgument("A version-id marker cannot be specified without a key marker.");
        }

        var page = Collect(bucket, query, keyMarker, idMarker);
        return S3Xml.SendAsync(call, "ListVersionsResult", xml =>
        {
            query.WriteHead(xml, bucket.Name, "MaxKeys");
            xml.WriteElementString("KeyMarker", query.Show(keyMarker));
            xml.WriteElementString("VersionIdMarker", idMarker ?? "");
            xml.WriteElementString("IsTruncated", page.More ? "true" : "false");
            if (page.More)
            {
                xml.WriteElementString("NextKeyMarker", query.Show(page.LastKey));
                if (page.LastId is not null)
                {
                    xml.WriteElementString("NextVersionIdMarker", page.LastId);
                }
            }

            page.Versions.ForEach(one => WriteVersion(xml, query, one, bucket.Owner));
            query.WriteGroups(xml, page.Groups);
        });
    }

    private static Page Collect(Bucket bucket, ListQuery query, string keyMarker, string? idMarker)
    {
        var page = new Page();
        if (query.Limit == 0)
        {
            return page;
        }

        var start = Utf8Order.Compare(keyMarker, query.Prefix) > 0 ? keyMarker : query.Prefix;
        var after = idMarker is null && keyMarker.Length > 0 && start == keyMarker;
        if (after && query.Delimiter is not null && keyMarker.StartsWith(query.Prefix, StringComparison.Ordinal)
            && query.Group(keyMarker) == keyMarker)
        {
            start = ListQuery.After(keyMarker);
        }

        lock (bucket.Gate)
        {
            while (Scan(bucket, query, (start, after), (keyMarker, idMarker), page) is { } jump)
            {
                (start, after) = (jump, true);
            }
        }

        return page;
    }

    /// <returns>Where to go on after a common prefix; null when the page is done.</returns>
    private static string? Scan(
        Bucket bucket, ListQuery query, (string Key, bool After) from, (string Key, string? Id) marker, Page page)
    {
        foreach (var (key, entry) in bucket.Index.From(from.Key, from.After))
        {
            if (!key.StartsWith(query.Prefix, StringComparison.Ordinal))
            {
                return null;
            }

            if (query.Group(key) is { } group)
            {
                if (IsFull(page, query))
                {
                    return null;
                }

                page.Groups.Add(group);
                (page.LastKey, page.LastId) = (group, null);
                return ListQuery.After(group);
            }

            IEnumerable<ObjectVersion> versions = entry.Versions;
            if (key == marker.Key && marker.Id is not null)
            {
                versions = versions.SkipWhile(one => one.Id != marker.Id).Skip(1);
            }

            foreach (var version in versions)
            {
                if (IsFull(page, query))
                {
                    return null;
                }

                page.Versions.Add((key, version, version == entry.Latest));
                (page.LastKey, page.LastId) = (key, version.Id);
            }
        }

        return null;
    }

    private static bool IsFull(Page page, ListQuery query) => page.More = page.Count == query.Limit;

    private static void WriteVersion(
        XmlWriter xml, ListQuery query, (string Key, ObjectVersion Version, bool Latest) one, string owner)
    {
        var (key, version, latest) = one;
        xml.WriteStartElement(version.IsDeleteMarker ? "DeleteMarker" : "Version");
        xml.WriteElementString("Key", query.Show(key));
        xml.WriteElementString("VersionId", version.Id);
        xml.WriteElementString("IsLatest", latest ? "true" : "false");
        xml.WriteElementString("LastModified", S3Xml.Time(version.Modified));
        if (!version.IsDeleteMarker)
        {
            ListQuery.WriteContent(xml, version);
        }

        xml.WriteStartElement("Owner");
        xml.WriteElementString("ID", owner);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }
}
