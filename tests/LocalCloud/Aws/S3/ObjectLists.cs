using System.Globalization;
using System.Text;
using System.Xml;
using LocalCloud.Storage;

namespace LocalCloud.Aws.S3;

/// <summary>ListObjects and ListObjectsV2. Neither needs a key.</summary>
internal sealed class ObjectLists
{
    private sealed record Page(
        List<(string Key, ObjectVersion Version)> Objects, List<string> Groups, string Last, bool More)
    {
        public int Count => Objects.Count + Groups.Count;
    }

    public Task ListObjectsV2(S3Call call)
    {
        var bucket = call.Permitted("s3:ListBucket");
        var query = new ListQuery(call);
        var token = call.Query("continuation-token");
        var start = token is null ? call.Query("start-after") ?? "" : Decode(token);
        var page = Collect(bucket, query, start);
        return S3Xml.SendAsync(call, "ListBucketResult", xml =>
        {
            query.WriteHead(xml, bucket.Name, "MaxKeys");
            xml.WriteElementString("KeyCount", page.Count.ToString(CultureInfo.InvariantCulture));
            xml.WriteElementString("IsTruncated", page.More ? "true" : "false");
            if (token is not null)
            {
                xml.WriteElementString("ContinuationToken", token);
            }

            if (page.More)
            {
                xml.WriteElementString("NextContinuationToken",
                    Convert.ToBase64String(Encoding.UTF8.GetBytes(page.Last)));
            }

            if (call.Query("start-after") is { } after)
            {
                xml.WriteElementString("StartAfter", query.Show(after));
            }

            WriteObjects(xml, query, page, call.Query("fetch-owner") == "true" ? bucket.Owner : null);
            query.WriteGroups(xml, page.Groups);
        });
    }

    public Task ListObjects(S3Call call)
    {
        var bucket = call.Permitted("s3:ListBucket");
        var query = new ListQuery(call);
        var marker = call.Query("marker") ?? "";
        var page = Collect(bucket, query, marker);
        return S3Xml.SendAsync(call, "ListBucketResult", xml =>
        {
            query.WriteHead(xml, bucket.Name, "MaxKeys");
            xml.WriteElementString("Marker", query.Show(marker));
            xml.WriteElementString("IsTruncated", page.More ? "true" : "false");
            if (page.More && query.Delimiter is not null)
            {
                xml.WriteElementString("NextMarker", query.Show(page.Last));
            }

            WriteObjects(xml, query, page, bucket.Owner);
            query.WriteGroups(xml, page.Groups);
        });
    }

    private static Page Collect(Bucket bucket, ListQuery query, string after)
    {
        var objects = new List<(string, ObjectVersion)>(Math.Min(query.Limit, 64));
        var groups = new List<string>();
        if (query.Limit == 0)
        {
            return new Page(objects, groups, "", false);
        }

        var last = after;
        // A marker that is itself a common prefix stands for everything below it.
        var skip = query.Delimiter is not null && after.EndsWith(query.Delimiter, StringComparison.Ordinal)
            && after.StartsWith(query.Prefix, StringComparison.Ordinal) && query.Group(after) == after ? after : null;
        lock (bucket.Gate)
        {
            var from = Utf8Order.Compare(after, query.Prefix) >= 0 && after.Length > 0
                ? (skip is null ? after : ListQuery.After(skip), true) : (query.Prefix, false);
            while (true)
            {
                string? jump = null;
                foreach (var (key, entry) in bucket.Index.From(from.Item1, from.Item2))
                {
                    if (!key.StartsWith(query.Prefix, StringComparison.Ordinal))
                    {
                        return new Page(objects, groups, last, false);
                    }

                    if (entry.Latest.IsDeleteMarker)
                    {
                        continue;
                    }

                    if (objects.Count + groups.Count == query.Limit)
                    {
                        return new Page(objects, groups, last, true);
                    }

                    var group = query.Group(key);
                    last = group ?? key;
                    if (group is not null)
                    {
                        groups.Add(group);
                        jump = ListQuery.After(group);
                        break;
                    }

                    objects.Add((key, entry.Latest));
                }

                if (jump is null)
                {
                    return new Page(objects, groups, last, false);
                }

                from = (jump, true);
            }
        }
    }

    private static void WriteObjects(XmlWriter xml, ListQuery query, Page page, string? owner)
    {
        foreach (var (key, version) in page.Objects)
        {
            xml.WriteStartElement("Contents");
            xml.WriteElementString("Key", query.Show(key));
            xml.WriteElementString("LastModified", S3Xml.Time(version.Modified));
            ListQuery.WriteContent(xml, version);
            if (owner is not null)
            {
                xml.WriteStartElement("Owner");
                xml.WriteElementString("ID", owner);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }
    }

    private static string Decode(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw S3Problems.InvalidArgument("The continuation token provided is incorrect");
        }
    }
}
