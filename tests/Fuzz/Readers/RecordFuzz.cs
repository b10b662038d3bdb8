using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Records;
using Cloud.Keys;
using Fuzz.Nonsense;
using Kube.Core;
using Kube.Core.Kinds;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Fuzz.Readers;

/// <summary>Reading a record never throws, and what is read of it is fit for whatever is done with it.</summary>
public sealed class RecordFuzz : IDisposable
{
    private const string Arn = "arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private static readonly RecordOwner owner = new("acme", "key", "81af4fd1-c9ac-4485-be5e-b1dc261d2bc8");

    private readonly RecordMacKey unready = new("byok-system", TimeProvider.System, NullLogger<RecordMacKey>.Instance);

    public void Dispose() => unready.Dispose();

    [Fact]
    public void A_keys_record_says_something_fit_or_nothing()
    {
        var valid = RecordCodec.TextOf(KeyRecord.New(owner) with
        {
            Spec = KeySpec(),
            Regions = new Dictionary<string, KeyRecordRegion>
            {
                ["eu-west-1"] = new()
                {
                    Canary = new KeyRecordCanary(Arn, "material", Convert.ToBase64String(new byte[200]),
                        new Dictionary<string, string> { ["byok.dev/tenant"] = "acme" }),
                    UnknownSince = DateTimeOffset.UnixEpoch,
                    RevokedSince = DateTimeOffset.UnixEpoch,
                },
            },
        });
        var fit = 0;
        Inputs.Each(Inputs.OfReaders, seed =>
        {
            if (Read<KeyRecord>(new Mutation(new Random(seed)).Of(valid), owner) is not { } record)
            {
                return;
            }

            fit++;
            var key = new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Namespace = "acme", Name = "key", Uid = owner.Uid },
                Spec = record.Spec ?? new(),
            };
            var standing = PinnedKeySpec.Of(key, record);
            foreach (var region in standing.Spec.Regions().Concat(record.Regions.Keys))
            {
                KeyRefs.Of(standing, region,
                    KeyIds.Of(standing, region, new Recorded<KeyRecord>.NotAuthentic(record, "")).ForDisplay() ?? "",
                    record.In(region).Canary?.ToCanary());
            }

            KeyRules.Check(standing);
        });
        fit.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_stores_record_says_something_fit_or_nothing()
    {
        var storeOwner = owner with { Name = "store" };
        var spec = new EncryptedStoreSpec
        {
            KeyRef = new KeyReference { Name = "key" },
            Aws = new AwsStore { Region = "eu-west-1" },
        };
        var valid = RecordCodec.TextOf(StoreRecord.New(storeOwner).PutBy(spec, "acme", owner.Uid) with
        {
            Pin = new StoreRecordPin(Arn, "material", "digest"),
            SetAside =
                """{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}""",
            Grants = new Dictionary<string, IReadOnlyList<string>> { [Arn] = ["abc"] },
            FenceLiftedAt = DateTimeOffset.UnixEpoch,
        });
        var fit = 0;
        Inputs.Each(Inputs.OfReaders, seed =>
        {
            if (Read<StoreRecord>(new Mutation(new Random(seed)).Of(valid), storeOwner) is not { } record)
            {
                return;
            }

            fit++;
            var restored = record.Place!.Restore(new());
            StoreRules.Check(
                new EncryptedStore
                {
                    Metadata = new ObjectMeta { Namespace = "acme", Name = "store" },
                    Spec = restored,
                });
            StorePlace.Of(restored).NameFor(record.Tenant, record.Identity, record.Number).ShouldBe(record.Target);
            Cloud.Aws.Stores.PolicyAside.Parse(record.SetAside);
        });
        fit.ShouldBeGreaterThan(0);
    }

    private static TenantEncryptionKeySpec KeySpec() =>
        new() { AwsKms = new AwsKmsSource { Keys = [new AwsKmsKey { Region = "eu-west-1", Arn = Arn }] } };

    /// <summary>As looks and as indexes read it: both or neither.</summary>
    private T? Read<T>(string text, RecordOwner of)
        where T : class, IRecord<T>
    {
        var map = new ConfigMap
        {
            Metadata = new ObjectMeta { Namespace = "byok-system", Name = RecordCodec.NameOf<T>(of) },
            Data = new Dictionary<string, string> { [RecordCodec.TextEntry] = text, [RecordCodec.MacEntry] = "AAAA" },
        };
        var read = RecordCodec.Read<T>(map, unready);
        read.Trusted.ShouldBeNull();
        (RecordCodec.Peek<T>(map) is null).ShouldBe(read.Parsed is null);
        if (read.Parsed is null)
        {
            read.Fault.ShouldNotBeNull().Message.Length.ShouldBeLessThan(10_000);
        }

        return read.Parsed;
    }
}
