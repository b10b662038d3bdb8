using System.Text;
using Byok.Copying;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Reencrypting;
using Cloud.Stores;
using Fuzz.Cluster;
using Fuzz.Nonsense;
using Shouldly;
using Xunit;

namespace Fuzz.Readers;

/// <summary>What stands beside the data is a fact, seen or blind,
/// and a blind one says that the record can't be read.</summary>
public sealed class MarkFuzz
{
    private static readonly StoreRef store = new("eu-west-1", "acme");

    private static readonly IReadOnlyList<string> valid =
    [
        """{"keyId":"arn:aws:kms:eu-west-1:222222222222:key/1","materialId":"m","canaryDigest":"d"}""",
        """{"receipt":"abc","at":"2026-01-01T00:00:00Z"}""",
        """{"shard":1,"shards":4,"engine":"Copy","pass":2,"lastKey":"a","met":1,"looked":2,"lookedBytes":3,"reencrypted":4,"updatedAt":"2026-01-01T00:00:00Z","refusal":{"attempt":1,"at":"2026-01-01T00:00:00Z","count":1}}""",
        """{"specHash":"a","fenceToken":"b","fingerprint":"c","source":"s","prefix":"p","target":"t","keyId":"k","objects":1,"versions":1,"deleteMarkers":0,"bytes":1,"verification":"Checksum","finishedAt":"2026-01-01T00:00:00Z","shards":[]}""",
        """{"objectsTotal":1,"objectsCopied":1,"bytesTotal":1,"bytesCopied":1,"startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}""",
    ];

    [Fact]
    public void Whatever_stands_under_a_marks_name_is_a_mark_or_a_record_that_can_not_be_read()
    {
        var (seen, blind) = (0, 0);
        Inputs.Each(Inputs.OfReaders, seed =>
        {
            var random = new Random(seed);
            var missed = new MissedLooks();
            var glance = new FactReader(missed).At(CancellationToken.None);
            var data = new OneMark(new Mutation(random).Of(Encoding.UTF8.GetBytes(valid[random.Next(valid.Count)])));
            var marks = new StoreMarks(data, new OnePin(data.Text));
            var facts = new[]
            {
                Of(glance.OfAsync(stop => marks.PinAsync(store, stop))),
                Of(glance.OfAsync(stop => marks.PinAsync(store, seen: null, stop))),
                Of(glance.OfAsync(stop => marks.ServedAsync(store, stop))),
                Of(glance.OfAsync(stop => marks.RetiredAsync(store, stop))),
                Of(glance.OfAsync(stop => new RunReader(data).ReadAsync(store, "bulk-a", 4, stop))),
                Of(glance.OfAsync(stop => new ReencryptionReader(data).ReadAsync(store, "rekey-a", 4, stop))),
            };
            var receipt = glance.OfAsync(stop => marks.ReceiptAsync(store, stop)).GetAwaiter().GetResult();
            var look = new MigrationLook(
                Fact.Seen(new SourceFacts(true, true, null)), receipt, Fact.Seen<ServedMark?>(null),
                Fact.Seen<string?>(null), Fact.Seen<IReadOnlyList<CopyFacts>>([]), null);
            _ = look.Progress;
            missed.Bugs.ShouldBeEmpty(data.Text);
            facts.Where(blindness => blindness is not null)
                .ShouldAllBe(blindness => blindness == FactReader.RecordUnreadable);
            seen += facts.Count(blindness => blindness is null);
            blind += facts.Count(blindness => blindness is not null);
        });
        (seen > 0 && blind > 0).ShouldBeTrue();
    }

    private static string? Of<T>(Task<Fact<T>> look) => look.GetAwaiter().GetResult().Blindness;
}
