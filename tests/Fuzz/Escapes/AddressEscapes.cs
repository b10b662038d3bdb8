using System.Text;
using Cloud;
using Cloud.Azure;
using Cloud.Azure.Objects;
using Cloud.Stores;
using Kube.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Fuzz.Escapes;

/// <summary>A name in an address is one name there: no step of a path, no query, no other host.</summary>
public sealed class AddressEscapes
{
    private static readonly BlobPlace place =
        BlobPlace.Of(new StoreRef("westeurope", "acct/data") { Cloud = CloudKind.Azure }, AzureEnvironment.Public);

    [Fact]
    public void A_blobs_name_is_all_of_its_path_and_none_of_its_query()
    {
        using var cloud = AzureCloud.Create(new AzureOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        var clients = new BlobClients(cloud.Caller);
        var (addressed, refused) = (0, 0);
        Inputs.Each(share: 1, seed =>
        {
            var random = new Random(seed);
            var hostile = new Hostile(random);
            var name = Text(hostile.Of("acme/2026/backup.bin"));
            var version = Text(hostile.Perhaps("2026-01-01T00:00:00.0000000Z"));
            var moment = random.Next(3) switch
            {
                0 => (BlobMoment)new BlobMoment.Live(),
                1 => new BlobMoment.Snapshot(version),
                _ => new BlobMoment.Version(version),
            };
            Uri address;
            try
            {
                address = place.Blob(name, moment);
            }
            catch (CloudException refusal)
            {
                refusal.Problem.Code.ShouldBe("NameNotAddressable");
                (name.Length == 0 || (version.Length == 0 && moment is not BlobMoment.Live)
                    || name.Split('/').Any(step => step is "." or "..")).ShouldBeTrue();
                refused++;
                return;
            }

            addressed++;
            (address.Scheme, address.Host, address.Port, address.UserInfo,
                address.Fragment).ShouldBe(("https", "acct.blob.core.windows.net", 443, "", ""));
            var (path, query) = Apart(address);
            Uri.UnescapeDataString(path).ShouldBe($"/data/{name}");
            path.Split('/').ShouldBe([.. $"/data/{name}".Split('/').Select(Uri.EscapeDataString)]);
            query.ShouldBe(moment switch
            {
                BlobMoment.Live => "",
                BlobMoment.Snapshot => $"snapshot={Uri.EscapeDataString(version)}",
                _ => $"versionid={Uri.EscapeDataString(version)}",
            });

            // As the SDK sends it, which makes an address of the client's once more.
            var (sentPath, sentQuery) = Apart(new Uri(clients.Blob(place, name, moment).Uri.AbsoluteUri));
            sentPath.ShouldBe(path);
            Uri.UnescapeDataString(sentQuery).ShouldBe(Uri.UnescapeDataString(query));
            (sentQuery.Contains('&', StringComparison.Ordinal) || sentQuery.Contains('#', StringComparison.Ordinal))
                .ShouldBeFalse();
        });
        (addressed > 0 && refused > 0).ShouldBeTrue($"{addressed} addressed, {refused} refused");
    }

    [Fact]
    public void An_objects_name_is_one_step_of_the_servers_path()
    {
        var kind = new ResourceKind("byok.dev", "v1alpha1", "EncryptedStore", "encryptedstores");
        var (addressed, refused) = (0, 0);
        Inputs.Each(share: 1, seed =>
        {
            var words = new Hostile(new Random(seed)).OneOf("acme", "store");
            var (ns, name) = (Text(words[0]), Text(words[1]));
            string path;
            try
            {
                path = kind.Path(ns, name, "status");
            }
            catch (KubeException refusal)
            {
                refusal.Status.Reason.ShouldBe("Invalid");
                refused++;
                return;
            }

            addressed++;
            var address =
                new Uri(new Uri("https://cluster.example/base/"), new Uri(path.TrimStart('/'), UriKind.Relative));
            address.Host.ShouldBe("cluster.example");
            address.AbsolutePath.Split('/').Select(Uri.UnescapeDataString).ShouldBe(
                ns.Length == 0
                    ? ["", "base", "apis", "byok.dev", "v1alpha1", "encryptedstores", name, "status"]
                    : ["", "base", "apis", "byok.dev", "v1alpha1", "namespaces", ns, "encryptedstores", name,
                        "status"]);
            address.Query.ShouldBeEmpty();
        });
        (addressed > 0 && refused > 0).ShouldBeTrue($"{addressed} addressed, {refused} refused");
    }

    /// <summary>Neither XML nor JSON can say half a pair.</summary>
    private static string Text(string hostile) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(hostile));

    /// <summary>As it goes over the wire.</summary>
    private static (string Path, string Query) Apart(Uri address)
    {
        var target = address.PathAndQuery;
        return target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? (target[..at], target[(at + 1)..])
            : (target, "");
    }
}
