using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Tests.Hosting;
using ByokOperator.Tests.Keys;
using Cloud.Keys;
using Kube.Core;
using Kube.Core.Kinds;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Records;

/// <summary>What a record is believed for. Each case is read as a look would read it: never an exception,
/// never more trust than it has.</summary>
public sealed class RecordTests : IAsyncLifetime
{
    private const int Mutants = 10_000;

    private static readonly RecordOwner acme = new("acme", "key", "11111111-2222-3333-4444-555555555555");
    private static readonly RecordOwner other = acme with { Uid = "99999999-2222-3333-4444-555555555555" };

    private Lookout lookout = null!;

    private RecordMacKey MacKey => lookout.Around.Cluster.Records.MacKey;

    public async ValueTask InitializeAsync() => lookout = await Lookout.StartAsync();

    public ValueTask DisposeAsync() => lookout.DisposeAsync();

    [Fact]
    public void What_only_a_record_speaks_of_waits_in_its_tenants_line()
    {
        var records = lookout.Around.Cluster.Records;

        records.SpaceOf(new("acme", "key")).ShouldBe("acme");
        records.SpaceOf(records.AddressOf<KeyRecord>(acme)).ShouldBe("acme");
        records.SpaceOf(records.AddressOf<StoreRecord>(acme with { Name = "a.dotted.name" })).ShouldBe("acme");
    }

    [Fact]
    public void A_record_of_a_key_is_read_as_it_was_written()
    {
        var read = RecordCodec.Read<KeyRecord>(Written(Key(acme)), MacKey)
            .ShouldBeOfType<Recorded<KeyRecord>.Authentic>().Record;

        RecordCodec.TextOf(read).ShouldBe(RecordCodec.TextOf(Key(acme)));
        read.In(Lookout.Region).Canary!.ToCanary().Ciphertext.ToArray().ShouldBe([1, 2, 3]);
        read.In("eu-central-1").ShouldBe(KeyRecordRegion.Empty);
    }

    [Fact]
    public void A_record_of_a_store_is_read_as_it_was_written()
    {
        var read = RecordCodec.Read<StoreRecord>(Written(Store(acme)), MacKey)
            .ShouldBeOfType<Recorded<StoreRecord>.Authentic>().Record;

        RecordCodec.TextOf(read).ShouldBe(RecordCodec.TextOf(Store(acme)));
        read.KeyOwner.ShouldBe(new RecordOwner("acme", "key-of-acme", "key-uid"));
    }

    [Fact]
    public void Whoever_edits_a_record_is_not_believed_and_may_still_close()
    {
        var map = Written(Store(acme));
        var edited = map.Data!["record"].Replace("acme-own", "acme-two", StringComparison.Ordinal);

        var read = RecordCodec.Read<StoreRecord>(With(map, edited), MacKey);

        read.Trusted.ShouldBeNull();
        read.Parsed!.Target.ShouldBe("acme-two");
        read.Fault!.Reason.ShouldBe("RecordNotAuthentic");
        read.Select(record => record?.Pin).Blindness.ShouldBe("RecordNotAuthentic");
    }

    [Fact]
    public void What_one_seal_believed_another_one_does_not()
    {
        using var unset = new RecordMacKey("byok-system", TimeProvider.System, NullLogger<RecordMacKey>.Instance);
        var map = Written(Key(acme));

        RecordCodec.Read<KeyRecord>(map, unset).ShouldBeOfType<Recorded<KeyRecord>.NotAuthentic>();
        Should.Throw<RefusedActException>(() => unset.Sign("name", "text")).Reason
            .ShouldBe("RecordsKeyMissing", "nothing is written that nobody could believe");
        RecordCodec.Read<KeyRecord>(map, MacKey)
            .ShouldBeOfType<Recorded<KeyRecord>.Authentic>("it was read before there was a key to check it with");
        RecordCodec.Read<KeyRecord>(map, MacKey).ShouldBeOfType<Recorded<KeyRecord>.Authentic>();
        RecordCodec.Read<KeyRecord>(map, unset).ShouldBeOfType<Recorded<KeyRecord>.NotAuthentic>();
        RecordCodec.Read<KeyRecord>(map with { Data = new Dictionary<string, string>() }, MacKey)
            .ShouldBeOfType<Recorded<KeyRecord>.Unreadable>();
        RecordCodec.Read<StoreRecord>(map, MacKey)
            .ShouldBeOfType<Recorded<StoreRecord>.Unreadable>("each kind of record is remembered by itself");
    }

    [Fact]
    public void Two_records_that_swap_their_names_are_both_refused()
    {
        var (one, two) = (Written(Key(acme)), Written(Key(other)));

        RecordCodec.Read<KeyRecord>(one with { Data = two.Data }, MacKey)
            .ShouldBeOfType<Recorded<KeyRecord>.Unreadable>();
        RecordCodec.Read<KeyRecord>(two with { Data = one.Data }, MacKey)
            .ShouldBeOfType<Recorded<KeyRecord>.Unreadable>();
    }

    [Fact]
    public void A_mac_of_another_record_or_of_another_installation_does_not_fit()
    {
        var map = Written(Key(acme));
        var stranger = Key(acme) with { Materials = ImportWorlds.Bound("ff") };

        RecordCodec.Read<KeyRecord>(
            map with { Data = new Dictionary<string, string>(map.Data!) { ["mac"] = Written(stranger).Data!["mac"] } },
            MacKey)
            .ShouldBeOfType<Recorded<KeyRecord>.NotAuthentic>();
        using var unset = new RecordMacKey("byok-system", TimeProvider.System, NullLogger<RecordMacKey>.Instance);
        RecordCodec.Read<KeyRecord>(map, unset).ShouldBeOfType<Recorded<KeyRecord>.NotAuthentic>();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"keyId":"x"}""")]
    [InlineData("""{"regions":null}""")]
    [InlineData("not JSON at all")]
    public void Nonsense_is_a_value_and_no_exception(string text)
    {
        RecordCodec.Read<KeyRecord>(With(Written(Key(acme)), text), MacKey).Fault!.Reason.ShouldBe("RecordUnreadable");
        RecordCodec.Read<StoreRecord>(With(Written(Store(acme)), text), MacKey).Fault!.Reason
            .ShouldBe("RecordUnreadable");
    }

    [Theory]
    [InlineData("regions.eu-west-1", null)]
    [InlineData("regions.eu-west-1.canary.keyId", "x")]
    [InlineData("regions.eu-west-1.canary.keyId", "arn:aws:kms:us-east-1:222222222222:key/1")]
    [InlineData("regions.eu-west-1.canary.ciphertext", "!")]
    [InlineData("regions.eu-west-1.canary.context", null)]
    [InlineData("regions.eu-west-1.unknownSince", "yesterday")]
    [InlineData("spec.revocation.maxStaleness", "for ever")]
    [InlineData("spec.awsKms.keys", null)]
    [InlineData("namespace", "ACME")]
    [InlineData("uid", "")]
    public void A_field_that_a_spec_could_not_have_makes_the_record_unreadable(string path, string? value) =>
        RecordCodec.Read<KeyRecord>(With(Written(Key(acme)), Set(RecordCodec.TextOf(Key(acme)), path, value)), MacKey)
            .ShouldBeOfType<Recorded<KeyRecord>.Unreadable>();

    [Theory]
    [InlineData("place", null)]
    [InlineData("place.bucketName", "NOT A BUCKET")]
    [InlineData("place.region", "../../x")]
    [InlineData("target", "somebody-elses")]
    [InlineData("pin.keyId", null)]
    [InlineData("grants.arn", null)]
    [InlineData("alsoPinned.0.name", "../x")]
    [InlineData("alsoPinned.0.name", "key-of-acme")]
    [InlineData("alsoPinned.0.pin", null)]
    [InlineData("alsoPinned.0.pin.keyId", "")]
    [InlineData("alsoPinned.0.stage", "Somewhere")]
    [InlineData("movedUnder", "")]
    public void A_place_that_a_spec_could_not_name_makes_the_record_unreadable(string path, string? value) =>
        RecordCodec.Read<StoreRecord>(With(Written(Store(acme)), Set(RecordCodec.TextOf(Store(acme)), path, value)),
            MacKey).ShouldBeOfType<Recorded<StoreRecord>.Unreadable>();

    [Fact]
    public void A_store_s_record_is_found_by_each_of_its_keys_and_by_none_that_it_left()
    {
        var (map, left) = (Written(Store(acme)), Store(acme) with { AlsoPinned = [] });
        var live = map with
        {
            Metadata = map.Metadata with
            {
                Uid = "u",
                ResourceVersion = "1",
                Labels = new Dictionary<string, string>(map.Metadata.Labels!) { ["theirs"] = "stays" },
            },
        };
        map.Metadata.Labels!.Keys.Where(name => name.StartsWith(StoreRecord.KeyLabelPrefix))
            .ShouldBe(["byok.dev/key.key-uid", "byok.dev/key.old-key-uid"], ignoreOrder: true);

        var patch = RecordCodec.Replace(live, left, MacKey).ToJson().ToJsonString();

        patch.ShouldContain("byok.dev/key.key-uid");
        patch.ShouldContain("theirs");
        patch.ShouldNotContain("old-key-uid");
    }

    [Fact]
    public void What_is_too_long_for_a_record_is_none()
    {
        var padded = RecordCodec.TextOf(Key(acme)) + new string(' ', RecordCodec.MaxText);
        RecordCodec.Read<KeyRecord>(With(Written(Key(acme)), padded), MacKey)
            .ShouldBeOfType<Recorded<KeyRecord>.Unreadable>();
        (Store(acme) with { SetAside = new string('x', StoreRecordRules.MaxSetAside) }).Faults().ShouldBeEmpty();
        (Store(acme) with { SetAside = new string('x', StoreRecordRules.MaxSetAside + 1) }).Faults().ShouldNotBeEmpty();
        (Store(acme) with
        {
            NotPutBack = [.. Enumerable.Repeat("Theirs: MalformedPolicy", StoreRecordRules.MaxNotPutBack + 1)],
        }).Faults().ShouldNotBeEmpty();
    }

    [Fact]
    public void A_long_name_of_an_object_still_makes_the_name_of_a_record()
    {
        var (one, two) =
            (acme with { Name = new string('n', 252) + "1" }, acme with { Name = new string('n', 252) + "2" });
        RecordCodec.NameOf<KeyRecord>(one).Length.ShouldBeLessThanOrEqualTo(253);
        RecordCodec.NameOf<KeyRecord>(one).ShouldNotBe(RecordCodec.NameOf<KeyRecord>(two));
        RecordCodec.OwnerIn<KeyRecord>(RecordCodec.NameOf<KeyRecord>(acme with { Name = "with.dots" }))
            .ShouldBe(acme with { Name = "with.dots" });
    }

    [Fact]
    public void Of_ten_thousand_mutated_records_none_throws_and_none_is_believed_unless_it_was_left_as_it_was()
    {
        var random = new Random(20261129);
        ConfigMap[] maps = [Written(Key(acme)), Written(Store(acme))];
        for (var round = 0; round < Mutants; round++)
        {
            var map = maps[round % maps.Length];
            var text = Mutate(map.Data!["record"], random);
            var mutant = With(map, text);
            var isTrusted = RecordCodec.Read<KeyRecord>(mutant, MacKey).Trusted is not null
                || RecordCodec.Read<StoreRecord>(mutant, MacKey).Trusted is not null;
            isTrusted.ShouldBe(text == map.Data!["record"], text);
            RecordCodec.Peek<StoreRecord>(mutant)?.Place.ShouldNotBeNull();
        }
    }

    private static string Mutate(string text, Random random)
    {
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(text));
        for (var change = random.Next(0, 4); change > 0 && bytes.Count > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 1)); break;
                default: bytes.InsertRange(at,
                    Encoding.UTF8.GetBytes(random.Next(3) switch { 0 => "null", 1 => "{}", _ => "\"" })); break;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static string Set(string text, string path, string? value)
    {
        var root = JsonNode.Parse(text)!.AsObject();
        var parts = path.Split('.');
        JsonNode at = root;
        foreach (var part in parts[..^1])
        {
            at = at is JsonArray list ? list[int.Parse(part, CultureInfo.InvariantCulture)]!
                : at[part] ??= new JsonObject();
        }

        at[parts[^1]] = value;
        return root.ToJsonString();
    }

    private static ConfigMap With(ConfigMap map, string text) =>
        map with { Data = new Dictionary<string, string>(map.Data!) { ["record"] = text } };

    private ConfigMap Written<T>(T record)
        where T : class, IRecord<T> => RecordCodec.Build(record, "byok-system", MacKey);

    private static KeyRecord Key(RecordOwner owner) => (KeyRecord.New(owner) with
    {
        Spec = new TenantEncryptionKeySpec
        {
            AwsKms = new() { Keys = [new() { Region = Lookout.Region, Arn = Lookout.Arn }] },
        },
    }).With(Lookout.Region, region => region with
    {
        Canary = KeyRecordCanary.Of(
            new Canary(Lookout.Arn, "m-1", new byte[] { 1, 2, 3 },
                new Dictionary<string, string> { ["byok.dev/key"] = "key" })),
        UnknownSince = new DateTimeOffset(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero),
    });

    private static StoreRecord Store(RecordOwner owner) => StoreRecord.New(owner)
        .PutBy(
            new()
            {
                KeyRef = new() { Name = "key-of-acme" },
                Aws = new() { Region = Lookout.Region, BucketName = "acme-own" },
            }, "acme", "key-uid") with
    {
        Pin = new StoreRecordPin(Lookout.Arn, "m-1", "digest"),
        Grants = new Dictionary<string, IReadOnlyList<string>> { [Lookout.Arn] = ["grant-1"] },
        AlsoPinned =
        [
            new StoreRecordKey("old-key-of-acme", "old-key-uid",
                new StoreRecordPin(Lookout.Arn + "-old", null, "old-digest")),
        ],
    };
}
