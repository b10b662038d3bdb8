using System.Security.Cryptography;
using System.Xml.Linq;
using Cluster.Tests.Primitives;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Stories;

/// <summary>The main job on Azure on a real cluster: blobs of all kinds,
/// while operators and copy pods are killed all the way through.</summary>
[Collection(AloneOnTheCluster.Name)]
[Trait("Server", "kubernetes")]
public sealed class KilledBlobMigrationTests(RealCluster cluster) : IClassFixture<RealCluster>
{
    private const int Others = 48;
    private const int Shards = 4;
    private const string Shared = AzureScene.Account + "/" + AzureScene.Container;

    /// <summary>Copied before each kill: more than one worker holds at a time.</summary>
    private const int Batch = 40;

    /// <summary>While blobs are copied; half as many on the rest of the way.</summary>
    private static readonly int kills = Asked.For("KILLS", 8);

    /// <summary>Half of them are left when the kills by batches are over.</summary>
    private static readonly int small = 2 * Batch * kills;

    [Fact]
    public async Task No_blob_is_lost_though_operators_and_copy_pods_are_killed_all_the_way()
    {
        await using var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { CallLogCapacity = 100_000 });
        using var azure = new AzureScene(cloud);
        azure.CreateKey();
        await FillAsync(cloud, azure);
        var before = await ManifestAsync(azure, Shared, "acme/");
        var neighbours = await ManifestAsync(azure, Shared, "acme2/");
        await using var space = await cluster.NamespaceAsync("acme");
        await cluster.Administrator.ApplyAsync(AzureScene.Manifests(space.Name, Shards), "--validate=false");

        var turnstile = new Turnstile();
        cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile)) { Service = "blob", Operation = "PutBlobFromUrl" });
        await using var replicas =
            new KilledReplicas(cluster, () => Start(azure), turnstile, () => cloud.Admin.Count("keyvault"));
        var place = await replicas.KillUntilReadyAsync(space.Name, kills, Batch);
        TestContext.Current.SendDiagnosticMessage($"{replicas}; {before.Count} states of blobs; {Load.Now}");
        (await ManifestAsync(azure, place, "acme/")).ShouldBe(before);
        (await ManifestAsync(azure, Shared, "acme2/")).ShouldBe(neighbours);
        (await ManifestAsync(azure, Shared, "acme/")).ShouldBeEmpty();
    }

    private ChildProcess Start(AzureScene azure) => azure.Start(cluster, "--lease-duration", "5s");

    private static async Task FillAsync(LocalCloudServer cloud, AzureScene azure)
    {
        await Parallel.ForAsync(0, small,
            async (number, _) => await PutAsync(azure, $"acme/many/{number:0000}", $"backup {number}"));
        await Parallel.ForAsync(0, Others, async (number, _) =>
        {
            var (append, page) = ($"{Shared}/acme/append/{number:00}", $"{Shared}/acme/page/{number:00}");
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
            await PutAsync(azure, "acme/snapshots", content, ("x-ms-meta-colour", $"c{content}"));
            await azure.SendAsync(HttpMethod.Put, $"{Shared}/acme/snapshots?comp=snapshot", []);
        }

        await PutAsync(azure, "acme/empty", "");
        await PutAsync(azure, "acme/ünï/cødé ☃.txt", "unicode", ("x-ms-tags", "team=blue%20%2B%20green"),
            ("x-ms-access-tier", "Cool"));
        await PutAsync(azure, "acme2/neighbour", "mine");
        cloud.Admin.Azure.PutSparse(AzureScene.Account, AzureScene.Container, "acme/large/block", 300L << 20, 1);
        cloud.Admin.Azure.PutSparse(AzureScene.Account, AzureScene.Container, "acme/large/append", 150L << 20, 2,
            "AppendBlob");
    }

    private static async Task PutAsync(
        AzureScene azure, string name, string content, params (string, string)[] headers) => await azure.SendAsync(
        HttpMethod.Put, $"{Shared}/{Escaped(name)}", System.Text.Encoding.UTF8.GetBytes(content),
        [.. headers, ("x-ms-blob-type", "BlockBlob")]);

    /// <summary>Name by name: kind, content, metadata, tags and tier of each state, snapshots first.</summary>
    private static async Task<List<string>> ManifestAsync(AzureScene azure, string place, string prefix)
    {
        using var answer = await azure.SendAsync(
            HttpMethod.Get,
            $"{place}?restype=container&comp=list&include=snapshots,versions,metadata,tags&prefix={Uri.EscapeDataString(prefix)}", null);
        var blobs = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Descendants("Blob").ToList();
        var lines = new string[blobs.Count];
        await Parallel.ForAsync(0, blobs.Count, async (at, _) => lines[at] = await LineAsync(azure, place, blobs[at]));
        return [.. lines];
    }

    private static async Task<string> LineAsync(AzureScene azure, string place, XElement blob)
    {
        var (name, snapshot, facts) =
            (blob.Element("Name")!.Value, blob.Element("Snapshot")?.Value, blob.Element("Properties")!);
        using var content = await azure.SendAsync(HttpMethod.Get,
            $"{place}/{Escaped(name)}{(snapshot is null ? "" : $"?snapshot={Uri.EscapeDataString(snapshot)}")}", null);
        await using var stream = await content.Content.ReadAsStreamAsync();
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
        return $"{name} {(snapshot is null ? "" : "snapshot ")}{facts.Element("BlobType")!.Value} "
            + $"{facts.Element("AccessTier")?.Value} {facts.Element("Content-Type")!.Value} {hash}"
            + $" {Text(blob, "Metadata")} {Text(blob, "Tags")}";
    }

    private static string? Text(XElement blob, string part) =>
        blob.Element(part)?.ToString(SaveOptions.DisableFormatting);

    private static string Escaped(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
}
