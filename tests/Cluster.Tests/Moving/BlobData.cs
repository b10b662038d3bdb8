using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Cluster.Tests.Primitives;

namespace Cluster.Tests.Moving;

/// <summary>Blobs of all kinds in a container, and what is found of them.
/// A place is <c>account/container</c>.</summary>
internal static class BlobData
{
    private const int Beside = 8;
    private const int Others = 48;

    /// <summary>Small block blobs, append and page blobs, snapshots, odd names.</summary>
    public static async Task FillAsync(AzureScene azure, string place, int small)
    {
        await PutManyAsync(azure, place, small);
        await Parallel.ForAsync(0, Others, async (number, _) =>
        {
            var (append, page) = ($"{place}/acme/append/{number:00}", $"{place}/acme/page/{number:00}");
            await azure.SendAsync(HttpMethod.Put, append, [], ("x-ms-blob-type", "AppendBlob"),
                ("x-ms-meta-part", $"{number}"));
            await azure.SendAsync(HttpMethod.Put, append + "?comp=appendblock",
                [.. Enumerable.Repeat((byte)number, 1000)]);
            await azure.SendAsync(HttpMethod.Put, append + "?comp=appendblock",
                [.. Enumerable.Repeat((byte)(number + 1), 77)]);
            await azure.SendAsync(HttpMethod.Put, page, [], ("x-ms-blob-type", "PageBlob"),
                ("x-ms-blob-content-length", "65536"));
            await azure.SendAsync(
                HttpMethod.Put, page + "?comp=page", [.. Enumerable.Repeat((byte)number, 1024)],
                ("x-ms-page-write", "update"), ("x-ms-range", $"bytes={number * 512}-{(number * 512) + 1023}"));
        });
        foreach (var content in (string[])["1", "2", "3"])
        {
            await PutAsync(azure, place, "acme/snapshots", content, ("x-ms-meta-colour", $"c{content}"));
            await azure.SendAsync(HttpMethod.Put, $"{place}/acme/snapshots?comp=snapshot", []);
        }

        await PutOddAsync(azure, place);
    }

    /// <summary>Block blobs alone, one of them written three times and one deleted, for an account that keeps
    /// versions.</summary>
    public static async Task FillVersionsAsync(AzureScene azure, string place, int small)
    {
        await PutManyAsync(azure, place, small);
        await PutOddAsync(azure, place);
        foreach (var (name, content) in ((string, string)[])[("acme/v", "1"), ("acme/v", "2"), ("acme/v", "3"),
            ("acme/gone", "was here"), ("acme/\uFF080", "wide"), ("acme/\U0001F6000", "astral")])
        {
            await PutAsync(azure, place, name, content);
        }

        await azure.SendAsync(HttpMethod.Delete, $"{place}/acme/gone", null);
    }

    public static async Task PutAsync(
        AzureScene azure, string place, string name, string content, params (string, string)[] headers) =>
        await azure.SendAsync(
            HttpMethod.Put, $"{place}/{Escaped(name)}", Encoding.UTF8.GetBytes(content),
            [.. headers, ("x-ms-blob-type", "BlockBlob")]);

    /// <summary>Name by name: kind, content, metadata, tags and tier of each state, snapshots and earlier versions
    /// first.</summary>
    public static async Task<List<string>> StatesAsync(AzureScene azure, string place, string prefix) =>
        [.. (await LookAsync(azure, place, prefix)).Select(state => state.Told)];

    public static async Task<IReadOnlyList<State>> LookAsync(AzureScene azure, string place, string prefix)
    {
        List<XElement> blobs = [];
        var marker = "";
        do
        {
            using var answer = await azure.SendAsync(
                HttpMethod.Get,
                $"{place}?restype=container&comp=list&include=snapshots,versions,metadata,tags&prefix="
                    + $"{Uri.EscapeDataString(prefix)}&marker={Uri.EscapeDataString(marker)}", null);
            var page = XDocument.Parse(await answer.Content.ReadAsStringAsync());
            blobs.AddRange(page.Descendants("Blob"));
            marker = page.Root!.Element("NextMarker")?.Value ?? "";
        }
        while (marker.Length > 0);

        var states = new State[blobs.Count];
        await Parallel.ForAsync(0, blobs.Count, new ParallelOptions { MaxDegreeOfParallelism = Beside },
            async (at, _) => states[at] = await StateAsync(azure, place, blobs[at]));
        return states;
    }

    /// <summary>All that has to be the same afterwards: what nobody writes to meanwhile.</summary>
    public static IEnumerable<string> Standing(IEnumerable<State> states) =>
        states.Where(state => !state.IsLive).Select(state => state.Told);

    /// <summary>The newest of each name that nobody writes to; not the large one, which would be all that is
    /// read.</summary>
    public static IReadOnlyList<(string Name, string Digest)> ToRead(IEnumerable<State> states) =>
    [
        .. states.Where(state => !state.IsLive && state.Name is not ("acme/large/block" or "acme/gone"))
            .GroupBy(state => state.Name).Select(all => (all.Key, all.Last().Digest)),
    ];

    public static string Escaped(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));

    private static async Task PutManyAsync(AzureScene azure, string place, int small) =>
        await Parallel.ForAsync(0, small,
            async (number, _) => await PutAsync(azure, place, $"acme/many/{number:0000}", $"backup {number}"));

    private static async Task PutOddAsync(AzureScene azure, string place)
    {
        await PutAsync(azure, place, "acme/empty", "");
        await PutAsync(azure, place, "acme/ünï/cødé ☃.txt", "unicode", ("x-ms-tags", "team=blue%20%2B%20green"),
            ("x-ms-access-tier", "Cool"));
    }

    private static async Task<State> StateAsync(AzureScene azure, string place, XElement blob)
    {
        var (name, facts) = (blob.Element("Name")!.Value, blob.Element("Properties")!);
        var (snapshot, version) = (blob.Element("Snapshot")?.Value, blob.Element("VersionId")?.Value);
        var which = snapshot is not null ? $"?snapshot={Uri.EscapeDataString(snapshot)}"
            : version is not null ? $"?versionid={Uri.EscapeDataString(version)}" : "";
        using var content = await azure.SendAsync(HttpMethod.Get, $"{place}/{Escaped(name)}{which}", null);
        await using var stream = await content.Content.ReadAsStreamAsync();
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
        return new(name, digest, $"{name} {(snapshot is null ? "" : "snapshot ")}{facts.Element("BlobType")!.Value} "
            + $"{facts.Element("AccessTier")?.Value} {facts.Element("Content-Type")!.Value} {digest}"
            + $" {Text(blob, "Metadata")} {Text(blob, "Tags")}");
    }

    private static string? Text(XElement blob, string part) =>
        blob.Element(part)?.ToString(SaveOptions.DisableFormatting);

    /// <param name="Told">All that has to be the same wherever it stands.</param>
    public sealed record State(string Name, string Digest, string Told)
    {
        /// <summary>Written while the store moves.</summary>
        public bool IsLive => Name.StartsWith(Traffic.Prefix, StringComparison.Ordinal);
    }
}
