using System.Security.Cryptography;
using System.Text;
using Byok.Import.Wrapping;
using Byok.Material;
using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Records;
using ByokOperator.Tests.Hosting;
using Cloud.Aws;
using Cloud.Keys;
using Cloud.Tests;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using LocalCloud.Admin;
using Microsoft.Extensions.Logging.Abstractions;

namespace ByokOperator.Tests.Keys;

/// <summary>The real executors of imported keys over a KMS that refuses what KMS refuses,
/// and a tenant's uploads.</summary>
internal sealed class ImportedOnLocalCloud : IAsyncDisposable
{
    public const string Elsewhere = "eu-central-1";

    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>KMS gives parameters for an import once in four seconds: that passes at once,
    /// and what bounds a request does not.</summary>
    private static readonly TimeSpan limiterPause = TimeSpan.FromSeconds(4.5);

    private readonly Lookout lookout;
    private readonly LocalCloudServer server;
    private readonly AwsCloud aws;
    private readonly OneWrappingKey wrapping = new();

    private ImportedOnLocalCloud(Lookout lookout, LocalCloudServer server, TenantEncryptionKey key)
    {
        (this.lookout, this.server, Key) = (lookout, server, key);
        aws = AwsCloud.Create(
            new AwsOptions
            {
                OperatorRoleArn = LocalCloudAccounts.OperatorRole,
                AccessKey = new AwsAccessKey(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret),
                HomeRegion = Lookout.Region,
                KmsEndpoint = server.Url.ToString(), S3Endpoint = server.Url.ToString(),
                StsEndpoint = server.Url.ToString(),
            },
            new SkippingTime(limiterPause), NullLoggerFactory.Instance, null);
        var around = lookout.Around with { Cloud = lookout.Around.Cloud with { Imported = aws.ImportedKeys } };
        Records = new KeyRecords(around);
        Acts = new ImportActs(around, Records, new KeyLiveReads(around),
            new UploadReader(around, wrapping, requests: null!));
        Observer = new ImportObserver(around, new UploadReader(around, wrapping, requests: null!), requests: null!);
    }

    public TenantEncryptionKey Key { get; private set; }

    public KeyRecords Records { get; }

    public ImportActs Acts { get; }

    public ImportObserver Observer { get; }

    public IImportedKeys Port => aws.ImportedKeys;

    public LocalCloudAdmin Cloud => server.Admin;

    /// <summary>With one key in each of two regions, none of which holds material.</summary>
    public static async Task<ImportedOnLocalCloud> StartAsync()
    {
        var lookout = await Lookout.StartAsync();
        var world = new ImportedOnLocalCloud(lookout, await LocalCloudServer.StartAsync(), new());
        await world.AskAsync(generation: 1);
        foreach (var region in (string[])[Lookout.Region, Elsewhere])
        {
            var place = ImportObserver.PlaceOf(world.Key, region);
            await world.Port.NameAsync(place, (await world.Port.CreateAsync(place, DataPrincipal.Nobody, None)).Key,
                None);
        }

        return world;
    }

    public async Task AskAsync(int generation, string state = KeyStates.Active)
    {
        var applied = await lookout.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = "key", Namespace = Lookout.Namespace },
                Spec = new()
                {
                    State = state,
                    Revocation =
                        new KeyRevocation { Confirm = state == KeyStates.Revoked ? KeyRules.Confirmation : "" },
                    Imported = new ImportedSource
                    {
                        Aws = new AwsImport { Regions = [Lookout.Region, Elsewhere] },
                        Generation = generation,
                    },
                },
            },
            "test", None);
        await Lookout.UntilAsync(() =>
            lookout.Around.Cluster.Keys.Find(applied.Metadata.Key)?.Metadata.Generation == applied.Metadata.Generation);
        Key = lookout.Around.Cluster.Standing(applied);
    }

    /// <returns>Its fingerprint.</returns>
    public async Task<string> HandOverAsync(byte[] secret)
    {
        var data = new Dictionary<string, byte[]>
        {
            ["wrappedKey"] = wrapping.Public.Encrypt(secret, RSAEncryptionPadding.OaepSHA256),
            ["keyHash"] = Encoding.ASCII.GetBytes(Convert.ToBase64String(SHA256.HashData(secret))),
        };
        await lookout.Kube.Api<Secret>()
            .ApplyAsync(
                new Secret
                {
                    Metadata = new ObjectMeta { Name = "key-import", Namespace = Lookout.Namespace },
                    Data = data,
                }, "test", None);
        using var material = KeyMaterial.CopyOf(secret);
        return UploadReader.FingerprintOf(material);
    }

    public async Task<string> IdAsync(string region = Lookout.Region) =>
        (await Port.FindAsync(ImportObserver.PlaceOf(Key, region), None))!.Key.Id;

    public async Task<IReadOnlyList<HeldMaterial>> HeldAsync(string region = Lookout.Region) =>
        await Port.MaterialsAsync(ImportObserver.PlaceOf(Key, region),
            new KeyRef(region, await IdAsync(region)) { IsOurs = true }, None);

    public async Task<IReadOnlyList<KeyRecordMaterial>> BoundAsync() =>
        (await Records.ReadAsync(Key, None)).Trusted?.Materials ?? [];

    public Task PerformAsync(KeyAct act) => Acts.PerformAsync(Key, act, None);

    public async Task<string> RefusalAsync(KeyAct act) => await Executors.RefusalAsync(() => PerformAsync(act));

    public async Task ImportAsync(string region, string fingerprint, string? materialId = null) =>
        await PerformAsync(new KeyAct.ImportMaterial(region, await IdAsync(region), fingerprint, materialId));

    public async Task<KeyAct> NewAsync(string region, string fingerprint, int generation) =>
        new KeyAct.ImportNewMaterial(region, await IdAsync(region), fingerprint, generation);

    public async Task<KeyAct> RotationAsync(string region, int generation) =>
        new KeyAct.RotateMaterial(region, await IdAsync(region), generation);

    /// <summary>As the next look sees it; the cluster's watch is caught up with the record first.</summary>
    public async Task<ImportWorld> LookAsync()
    {
        var standing = (await BoundAsync()).Select(one => (one.Generation, one.Ids.Count)).ToList();
        await Lookout.UntilAsync(() =>
            (lookout.Around.Cluster.RecordOf(Key).Trusted?.Materials ?? [])
                .Select(one => (one.Generation, one.Ids.Count)).SequenceEqual(standing));
        return (await Observer.LookAsync(Key, lookout.Around.Cluster.RecordOf(Key), isInvalid: false,
            lookout.Around.FactReader.At(None)))!;
    }

    public async ValueTask DisposeAsync()
    {
        wrapping.Dispose();
        aws.Dispose();
        await server.DisposeAsync();
        await lookout.DisposeAsync();
    }

    /// <summary>The platform's, made for this test.</summary>
    private sealed class OneWrappingKey : IWrappingKeys, IDisposable
    {
        public RSA Public { get; } = RSA.Create(WrappingKey.PlatformBits);

        public Task<IReadOnlyList<WrappingKey>> OpenersAsync(CancellationToken cancellation)
        {
            var pair = RSA.Create(Public.ExportParameters(includePrivateParameters: true));
            return Task.FromResult<IReadOnlyList<WrappingKey>>(
                [new WrappingKey("test", pair, TimeProvider.System.GetUtcNow().AddDays(1))]);
        }

        public void Dispose() => Public.Dispose();
    }
}
