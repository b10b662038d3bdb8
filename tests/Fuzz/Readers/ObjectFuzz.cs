using System.Buffers;
using System.Text;
using System.Text.Json;
using ByokOperator.Api;
using ByokOperator.Cluster;
using Fuzz.Nonsense;
using Kube.Core;
using Shouldly;
using Xunit;

namespace Fuzz.Readers;

/// <summary>An object of ours may say anything: it costs its page and its watch nothing but itself,
/// and a status costs not even that.</summary>
public sealed class ObjectFuzz
{
    private const string KeyText = """
        {"apiVersion":"byok.dev/v1alpha1","kind":"TenantEncryptionKey","metadata":{"name":"key","namespace":"acme","uid":"u1","resourceVersion":"7","generation":2,"labels":{"a":"b"},"annotations":{"byok.dev/paused":"true"},"finalizers":["byok.dev/store"],"deletionTimestamp":"2026-01-01T00:00:00Z","ownerReferences":[{"apiVersion":"v1","kind":"X","name":"x","uid":"u"}]},
         "spec":{"state":"Revoked","revocation":{"confirm":"revoke","probeInterval":"30s","maxStaleness":"15m"},"rotation":{"confirmation":"Manual","confirmedVersion":"v"},"awsKms":{"keys":[{"region":"eu-west-1","arn":"arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab"}]}},
         "status":STATUS}
        """;

    private const string StoreText = """
        {"apiVersion":"byok.dev/v1alpha1","kind":"EncryptedStore","metadata":{"name":"store","namespace":"acme","uid":"u2","resourceVersion":"8","generation":1},
         "spec":{"keyRef":{"name":"key"},"aws":{"region":"eu-west-1","bucketKey":"Off"},"shared":{"aws":{"bucket":"shared","prefix":"acme/"}},"workloads":{"selector":{"matchLabels":{"app":"x"}}},"migration":{"parallelism":8,"keepSourceFor":"0s"},"deletionPolicy":"Retain","report":{"interval":"24h"}},
         "status":STATUS}
        """;

    private const string Status =
        """{"observedGeneration":2,"verdict":"Usable","availability":"Closed","closedSince":"2026-01-01T00:00:00Z","conditions":[{"type":"Ready","status":"True","reason":"Ready","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}],"keys":[{"region":"eu-west-1"}],"census":[{"key":"k","objects":1,"bytes":1}]}""";

    [Fact]
    public void A_key_that_says_anything_spoils_neither_its_page_nor_its_watch() => Spoils<TenantEncryptionKey>(
        KeyText, key => KeyRules.Check(key),
        bad => KeySalvage.FromRecord(bad, KeySalvage.Follow(bad, last: null)?.Spec));

    [Fact]
    public void A_store_that_says_anything_spoils_neither_its_page_nor_its_watch() => Spoils<EncryptedStore>(
        StoreText,
        store =>
        {
            StoreRules.Check(store);
            StorePlace.Of(store.Spec).NameFor("acme", "uid");
        },
        bad => StoreSalvage.Follow(bad, StoreSalvage.Unplaced(bad)));

    [Fact]
    public void Whatever_a_status_says_the_object_can_be_read()
    {
        Inputs.Each(Inputs.OfReaders, seed =>
        {
            var status = new Mutation(new Random(seed)).Of(Status);
            if (IsJson(status))
            {
                One<TenantEncryptionKey>(KeyText.Replace("STATUS", status, StringComparison.Ordinal)).Spec.State
                    .ShouldBe("Revoked");
                One<EncryptedStore>(StoreText.Replace("STATUS", status, StringComparison.Ordinal)).Spec.KeyRef!.Name
                    .ShouldBe("key");
            }
        });
    }

    private static void Spoils<T>(string valid, Action<T> use, Action<Quarantined> hold)
        where T : class, IResource<T>
    {
        var document = valid.Replace("STATUS", Status, StringComparison.Ordinal);
        var neighbour = valid.Replace("STATUS", "{}", StringComparison.Ordinal)
            .Replace("\"name\":\"", "\"name\":\"neighbour", StringComparison.Ordinal);
        var (seen, held) = (0, 0);
        Inputs.Each(Inputs.OfReaders, seed =>
        {
            var text = new Mutation(new Random(seed)).Of(document);
            if (!IsJson(text))
            {
                return; // no API server keeps it
            }

            var page = KubeList.Parse<T>(
                Sequence($"{{\"metadata\":{{\"resourceVersion\":\"9\"}},\"items\":[{text},{neighbour}]}}"));
            page.Items.ShouldContain(item => item.Metadata.Name.StartsWith("neighbour", StringComparison.Ordinal));
            (page.Items.Count + page.Unreadable.Count).ShouldBe(2);
            foreach (var item in page.Items)
            {
                use(item);
                seen++;
            }

            foreach (var bad in page.Unreadable)
            {
                bad.Reason.Length.ShouldBeLessThan(1_000);
                hold(bad);
                held++;
            }

            WatchEvent.Parse<T>(Encoding.UTF8.GetBytes($"{{\"type\":\"MODIFIED\",\"object\":{text}}}"))
                .ShouldNotBeNull();
        });
        (seen > 0 && held > 0).ShouldBeTrue();
    }

    private static T One<T>(string text)
        where T : class, IResource<T>
    {
        var page = KubeList.Parse<T>(Sequence($"{{\"metadata\":{{}},\"items\":[{text}]}}"));
        page.Unreadable.ShouldBeEmpty();
        return page.Items[0];
    }

    private static ReadOnlySequence<byte> Sequence(string text) => new(Encoding.UTF8.GetBytes(text));

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
