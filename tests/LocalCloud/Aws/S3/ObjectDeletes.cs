using System.Xml;
using System.Xml.Linq;

namespace LocalCloud.Aws.S3;

/// <summary>DeleteObject and DeleteObjects. Neither needs the key: deleting works after a revocation.</summary>
internal sealed class ObjectDeletes(S3Store store)
{
    private const int MaxKeys = 1000;

    public Task DeleteObject(S3Call call)
    {
        var id = call.Query("versionId");
        var bucket = call.PermittedObject(ActionFor(id));
        var (marker, version) = Delete(bucket, call.Key, id, call.Header("If-Match"));
        if (marker)
        {
            call.Aws.Response.Headers["x-amz-delete-marker"] = "true";
        }

        if (version is not null)
        {
            call.Aws.Response.Headers["x-amz-version-id"] = version;
        }

        return S3Xml.SendEmptyAsync(call, 204);
    }

    public async Task DeleteObjects(S3Call call)
    {
        var bucket = call.Bucket();
        var (root, _) = await S3Xml.ReadAsync(call);
        var wanted = root.All("Object").ToList();
        if (wanted.Count is 0 or > MaxKeys)
        {
            throw S3Problems.MalformedXml();
        }

        var quiet = string.Equals(root.Text("Quiet"), "true", StringComparison.OrdinalIgnoreCase);
        await S3Xml.SendAsync(call, "DeleteResult",
            xml => wanted.ForEach(one => DeleteOne(call, bucket, one, (xml, quiet))));
    }

    private void DeleteOne(S3Call call, Bucket bucket, XElement wanted, (XmlWriter Xml, bool Quiet) answer)
    {
        var (xml, quiet) = answer;
        var key = wanted.Text("Key") ?? "";
        var id = wanted.Text("VersionId");
        try
        {
            call.Demand(bucket, ActionFor(id), bucket.ArnOf(key));
            var (marker, version) = Delete(bucket, key, id, wanted.Text("ETag"));
            if (!quiet)
            {
                WriteDeleted(xml, (key, id), marker, version);
            }
        }
        catch (AwsProblem problem)
        {
            xml.WriteStartElement("Error");
            xml.WriteElementString("Key", key);
            if (id is not null)
            {
                xml.WriteElementString("VersionId", id);
            }

            xml.WriteElementString("Code", problem.Code);
            xml.WriteElementString("Message", problem.Message);
            xml.WriteEndElement();
        }
    }

    private static void WriteDeleted(XmlWriter xml, (string Key, string? Id) asked, bool marker, string? version)
    {
        xml.WriteStartElement("Deleted");
        xml.WriteElementString("Key", asked.Key);
        if (asked.Id is not null)
        {
            xml.WriteElementString("VersionId", asked.Id);
        }

        if (marker)
        {
            xml.WriteElementString("DeleteMarker", "true");
            xml.WriteElementString("DeleteMarkerVersionId", version);
        }

        xml.WriteEndElement();
    }

    private static string ActionFor(string? versionId) =>
        versionId is null ? "s3:DeleteObject" : "s3:DeleteObjectVersion";

    /// <summary>Deleting what isn't there succeeds. A condition is held against the current version,
    /// whichever is to go.</summary>
    private (bool Marker, string? Version) Delete(Bucket bucket, string key, string? id, string? ifMatch)
    {
        lock (bucket.Gate)
        {
            var entry = bucket.Index.Find(key);
            var target = id is null ? entry?.Latest : entry?.Find(id);
            if (ifMatch is not null)
            {
                Conditions.DemandMatch(ifMatch, entry?.Latest is { IsDeleteMarker: false } current ? current
                    : throw S3Problems.NoSuchKey());
            }

            if (id is null && bucket.Versioning != Versioning.Off)
            {
                return (true, PushMarker(bucket, entry, key).Id);
            }

            if (entry is null || target is null)
            {
                return (false, id);
            }

            if (target.Headers.IsLocked(store.Now))
            {
                throw new AwsProblem(403, "AccessDenied", "Access Denied because object protected by object lock.");
            }

            if (!entry.Remove(target))
            {
                bucket.Index.Remove(key);
            }

            return (target.IsDeleteMarker, id);
        }
    }

    private ObjectVersion PushMarker(Bucket bucket, ObjectEntry? entry, string key)
    {
        var marker = new ObjectVersion(bucket.NewVersionId(), store.Now) { IsDeleteMarker = true };
        if (entry is null)
        {
            bucket.Index.Add(key, new ObjectEntry(key, marker));
        }
        else
        {
            entry.Push(marker);
        }

        return marker;
    }
}
