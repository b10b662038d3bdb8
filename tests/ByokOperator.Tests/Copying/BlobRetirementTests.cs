using Azure.Core;
using Byok.Copying;
using Cloud;
using Cloud.Azure;
using Cloud.Azure.Calling;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using LocalCloud;
using LocalCloud.Faults;
using Microsoft.Extensions.Logging.Abstractions;
using Quickstart;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Copying;

/// <summary>Over an Azure of loopback: a blob with versions goes in several requests,
/// and an act may end after each.</summary>
public sealed class BlobRetirementTests : IAsyncLifetime
{
    private const string Role = "Key Vault Crypto Service Encryption User";
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly StoreRef Source = Container("shared"), Target = Container("acme");
    private static readonly KeyRef Key =
        new(KeyRef.AnyRegion, $"{LocalCloudAzure.Vault("vault")}keys/acme") { Cloud = CloudKind.Azure };

    private LocalCloudServer server = null!;
    private StageAzure stage = null!;
    private AzureCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        server = await LocalCloudServer.StartAsync();
        stage = new StageAzure(server);
        cloud = stage.Connect(NullLoggerFactory.Instance, null);
        await CreateAsync("shared");
        await CreateAsync("acme");
        var admin = server.Admin.Azure;
        admin.CreateVault("vault");
        admin.CreateKey("vault", "acme");
        admin.AddRole(admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!, Role,
            admin.VaultId("vault"));
        admin.EncryptAccount("acme", LocalCloudAzure.Vault("vault"), "acme",
            federatedClientId: LocalCloudAzure.AppClientId);
    }

    public async ValueTask DisposeAsync()
    {
        cloud.Dispose();
        stage.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(false, 3)]
    [InlineData(false, 4)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public async Task A_blob_of_which_some_versions_are_gone_already_goes_on_to_be_retired(
        bool isMarkedDeleted, int requests)
    {
        foreach (var content in (byte[])[1, 2, 3])
        {
            await cloud.Caller.SendAsync(
                new AzureCall("blob:Test", RequestMethod.Put, new Uri($"{LocalCloudAzure.Blob("shared")}data/acme/a"),
                    AzureAudience.Storage)
                {
                    Headers = [("x-ms-blob-type", "BlockBlob"), ("x-ms-version", "2023-11-03")],
                    Body = new[] { content },
                }, None);
        }

        if (isMarkedDeleted)
        {
            await cloud.Objects.MarkDeletedAsync(Source, "acme/a", None);
        }

        var bulk =
            new CopyOptions { Source = Source, Prefix = "acme/", Target = Target, Key = Key, Fingerprint = "bulk-1" };
        foreach (var options
            in (CopyOptions[])[bulk, bulk with { Fingerprint = "delta-1", PreviousFingerprint = "bulk-1" }])
        {
            (await new CopyRun(options, cloud.Objects, TimeProvider.System, NullLogger.Instance, null).RunAsync(None))
                .ShouldBe(CopyExit.Done);
        }

        server.Admin.AddFault(
            new FaultRule(new FaultEffect.Deny())
            {
                Service = "blob",
                Operation = "DeleteBlob",
                Account = "shared",
                Skip = requests,
                Count = 1,
            });
        await Should.ThrowAsync<CloudException>(RetireAsync());
        (await VersionsAsync()).ShouldNotBeEmpty();

        (await RetireAsync()).ShouldBeOfType<RetirementStep.Finished>();
        (await VersionsAsync()).ShouldBeEmpty();
    }

    private Task<RetirementStep> RetireAsync() => new SourceRetirement(cloud.Objects)
        .RetireAsync(new RetirementOrder(new SharedRef(Source, "acme/"), Target, "delta-1", 1),
            _ => Task.FromResult(true), None);

    private async Task<List<ObjectVersion>> VersionsAsync()
    {
        List<ObjectVersion> versions = [];
        await foreach (var version in cloud.Objects.ListVersionsAsync(Source, "acme/", afterKey: null, None))
        {
            versions.Add(version);
        }

        return versions;
    }

    private async Task CreateAsync(string account)
    {
        server.Admin.Azure.CreateAccount(account);
        server.Admin.Azure.CreateContainer(account, "data");
        var service =
            $"https://management.azure.com{server.Admin.Azure.AccountId(account)}/blobServices/default?api-version={AzureVersions.Storage}";
        await cloud.Caller.SendAsync(
            new AzureCall("arm:PutBlobService", RequestMethod.Put, new Uri(service), AzureAudience.ResourceManager)
            {
                Headers = [("Content-Type", "application/json")],
                Body = """{"properties":{"isVersioningEnabled":true}}"""u8.ToArray(),
            }, None);
    }

    private static StoreRef Container(string account) => new(LocalCloudAzure.Location, $"{account}/data")
    {
        Cloud = CloudKind.Azure,
        Scope = LocalCloudAzure.PlatformSubscription + "/" + LocalCloudAzure.ResourceGroup,
    };
}
