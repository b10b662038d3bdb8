using System.Security.Cryptography;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Byok.Copying.Tests;

/// <summary>A shared store with a tenant, its neighbours, and an empty target;
/// and the ways to run workers over them.</summary>
internal sealed class Stage
{
    public const string Prefix = "acme/";

    public static readonly StoreRef Source = new("eu-west-1", "shared");
    public static readonly StoreRef Target = new("eu-west-1", "acme");
    public static readonly KeyRef Key = new("eu-west-1", "arn:aws:kms:eu-west-1:222233334444:key/1");

    /// <summary>Neighbours on both sides, and one that the prefix without its slash would take along.</summary>
    private static readonly string[] Neighbours = ["acm/x", "acme", "acme0/x", "acme2/x", "acmd/x", "zoo/x"];

    private readonly List<FakeStores.Stored> neighbours = [];

    public Stage(bool isVersioned = true)
    {
        Stores = new FakeStores(Time);
        Stores.Create(Source, isVersioned);
        Stores.Create(Target, isVersioned);
        foreach (var key in Neighbours)
        {
            neighbours.Add(Stores.Put(Source, key, [1]));
        }
    }

    public TestTime Time { get; } = new();

    public FakeStores Stores { get; }

    public int Shards { get; init; } = 1;

    public VerificationMode Verification { get; init; } = VerificationMode.Checksum;

    public CopyOptions Bulk(int shard = 0) => new()
    {
        Source = Source, Prefix = Prefix, Target = Target, Key = Key,
        Fingerprint = "bulk-1", Shard = shard, Shards = Shards, Verification = Verification, Concurrency = 8,
    };

    public CopyOptions Delta(int shard = 0) =>
        Bulk(shard) with { Fingerprint = "delta-1", PreviousFingerprint = "bulk-1" };

    public RetirementOrder Retirement => new(new SharedRef(Source, Prefix), Target, "delta-1", Shards);

    public ReceiptOrder Receipt => new()
    {
        SpecHash = "s1", FenceToken = "f1", Fingerprint = "delta-1", Shards = Shards,
        Source = new SharedRef(Source, Prefix), Target = Target, Key = Key, MaterialId = "m1",
    };

    public void Put(string name, string content = "", string? algorithm = null, string header = "")
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(content);
        var checksum = algorithm switch
        {
            null => null,
            "SHA256" => new Checksum("SHA256", Convert.ToBase64String(SHA256.HashData(bytes)), true),
            _ => new Checksum(algorithm, Convert.ToBase64String(SHA256.HashData(bytes)[..8]), algorithm == "CRC64NVME"),
        };
        Stores.Put(Source, Prefix + name, bytes, checksum: checksum, header: header);
    }

    public void Delete(string name) => Stores.Mark(Source, Prefix + name);

    public List<ObjectVersion> Listed(string name) => Stores.ListAll(Source, Prefix + name);

    public Task<CopyExit> RunAsync(CopyOptions options, IObjectData? data = null, CancellationToken stop = default) =>
        new CopyRun(options, data ?? new FakeWorker(Stores), Time, NullLogger.Instance, null).RunAsync(stop);

    public async Task MigrateAsync()
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            (await RunAsync(Bulk(shard))).ShouldBe(CopyExit.Done);
        }

        for (var shard = 0; shard < Shards; shard++)
        {
            (await RunAsync(Delta(shard))).ShouldBe(CopyExit.Done);
        }
    }

    public List<FakeStores.Stored> Copied =>
        [.. Stores.All(Target).Where(one => !one.Key.StartsWith(MarkNames.Root, StringComparison.Ordinal))];

    /// <summary>Version by version, in order: name, content, headers; and everything under the tenant's key.</summary>
    public void ShouldBeMirrored(string because = "")
    {
        Copied.Select(Describe).ShouldBe(Stores.All(Source, Prefix).Select(Describe), because);
        Stores.All(Target).Where(one => !one.IsDeleteMarker && one.KeyId != Key.Id).ShouldBeEmpty(because);
        NeighboursShouldStand();
    }

    public void NeighboursShouldStand() =>
        Stores.All(Source).Where(one => !one.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .ShouldBe(neighbours, ignoreOrder: true);

    /// <summary>Copies beyond the first of each version.</summary>
    public int CopiedTwice => Stores.Copies.Values.Sum(count => count - 1);

    private static string Describe(FakeStores.Stored one) =>
        $"{one.Key}|{(one.IsDeleteMarker ? "deleted" : Convert.ToHexString(one.Content))}|{string.Join(',', one.Headers)}";
}
