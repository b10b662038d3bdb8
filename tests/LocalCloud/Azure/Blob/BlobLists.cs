using System.Globalization;
using System.Text;
using System.Xml;
using LocalCloud.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>List Blobs. It needs the tenant's key only where metadata is asked for.</summary>
internal sealed class BlobLists
{
    private const int MaxPage = 5000;
    private const string MarkerPrefix = "2!";

    private sealed record Item(string Name, BlobState Blob, bool IsCurrent)
    {
        /// <summary>Of the current one alone.</summary>
        public Lease? Lease { get; init; }
    }

    public Task ListBlobs(BlobCall call)
    {
        call.Demand(BlobRight.List);
        var container = call.Container();
        // The SDK writes them with capitals.
        var includes = (call.Query("include") ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (includes.Contains("metadata"))
        {
            call.DemandKey();
        }

        if (includes.Contains("tags"))
        {
            call.Demand(BlobRight.ReadTags);
        }

        var (prefix, delimiter, limit) = (call.Query("prefix") ?? "", call.Query("delimiter") is { Length: > 0 } given
            ? given : null, Limit(call, MaxPage));
        var (items, groups, next) = Collect(call, container, includes, (prefix, delimiter, limit));
        return BlobXml.SendAsync(call, "EnumerationResults", xml =>
        {
            xml.WriteAttributeString("ServiceEndpoint", LocalCloudAzure.Blob(call.Account.Name).ToString());
            xml.WriteAttributeString("ContainerName", container.Name);
            xml.WriteElementString("Prefix", prefix);
            if (call.Query("marker") is { } marker)
            {
                xml.WriteElementString("Marker", marker);
            }

            xml.WriteElementString("MaxResults", limit.ToString(CultureInfo.InvariantCulture));
            if (delimiter is not null)
            {
                xml.WriteElementString("Delimiter", delimiter);
            }

            xml.WriteStartElement("Blobs");
            foreach (var item in items)
            {
                BlobListItem.Write(xml, call, (item.Name, item.Blob, item.IsCurrent, item.Lease), includes);
            }

            foreach (var group in groups)
            {
                xml.WriteStartElement("BlobPrefix");
                BlobListItem.WriteName(xml, group);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteElementString("NextMarker", next is null ? "" : Marker(next));
        });
    }

    public static int Limit(BlobCall call, int most)
    {
        if (call.Query("maxresults") is not { } text)
        {
            return most;
        }

        return int.TryParse(text, CultureInfo.InvariantCulture, out var wanted) && wanted > 0 ? Math.Min(wanted, most)
            : throw BlobProblems.OutOfRangeQuery("maxresults", text);
    }

    public static void WriteMetadata(XmlWriter xml, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        xml.WriteStartElement("Metadata");
        foreach (var (name, value) in metadata)
        {
            xml.WriteElementString(name, value);
        }

        xml.WriteEndElement();
    }

    /// <summary>A word of the service's own; who takes it for a name is mistaken.</summary>
    private static string Marker(string name) => MarkerPrefix + Convert.ToBase64String(Encoding.UTF8.GetBytes(name));

    private static string? Name(string? marker)
    {
        try
        {
            return marker is not { Length: > 0 } ? null
                : marker.StartsWith(MarkerPrefix, StringComparison.Ordinal)
                    ? Encoding.UTF8.GetString(Convert.FromBase64String(marker[MarkerPrefix.Length..]))
                : throw BlobProblems.OutOfRangeQuery("marker", marker);
        }
        catch (FormatException)
        {
            throw BlobProblems.OutOfRangeQuery("marker", marker!);
        }
    }

    /// <summary>The marker says the name to begin with: a name's versions and snapshots are never torn apart.</summary>
    private static (List<Item> Items, List<string> Groups, string? Next) Collect(
        BlobCall call, Container container, HashSet<string> includes,
        (string Prefix, string? Delimiter, int Limit) query)
    {
        var (items, groups) = (new List<Item>(), new List<string>());
        var from = Name(call.Query("marker")) is { } marker && string.CompareOrdinal(marker, query.Prefix) > 0 ? marker
            : query.Prefix;
        lock (container.Gate)
        {
            foreach (var (name, entry) in container.Index.From(from, after: false))
            {
                if (!name.StartsWith(query.Prefix, StringComparison.Ordinal))
                {
                    return (items, groups, null);
                }

                call.Settle(entry);
                var shown = Shown(entry, includes).ToArray();
                if (shown.Length == 0)
                {
                    continue;
                }

                var cut = query.Delimiter is null ? -1
                    : name.IndexOf(query.Delimiter, query.Prefix.Length, StringComparison.Ordinal);
                var group = cut < 0 ? null : name[..(cut + query.Delimiter!.Length)];
                if (group is not null && groups.Count > 0 && groups[^1] == group)
                {
                    continue;
                }

                if (items.Count + groups.Count >= query.Limit)
                {
                    return (items, groups, name);
                }

                if (group is not null)
                {
                    groups.Add(group);
                }
                else
                {
                    items.AddRange(shown);
                }
            }
        }

        return (items, groups, null);
    }

    private static IEnumerable<Item> Shown(BlobEntry entry, HashSet<string> includes)
    {
        var deleted = includes.Contains("deleted");
        if (includes.Contains("snapshots"))
        {
            foreach (var one in entry.Snapshots.Where(one => one.Deleted is null || deleted))
            {
                yield return new Item(entry.Name, one, false);
            }
        }

        if (includes.Contains("versions"))
        {
            foreach (var one in entry.Versions.Where(one => one.Deleted is null || deleted).Reverse())
            {
                yield return new Item(entry.Name, one, false);
            }
        }

        if (entry.Current is { } current && (current.Deleted is null || deleted))
        {
            yield return new Item(entry.Name, current, current.Deleted is null) { Lease = entry.Lease };
        }
        else if (entry is { Current: null, Uncommitted: not null } && includes.Contains("uncommittedblobs"))
        {
            yield return new Item(entry.Name, new BlobState(BlobKind.BlockBlob, MemoryContent.Empty, 1), false);
        }
    }
}
