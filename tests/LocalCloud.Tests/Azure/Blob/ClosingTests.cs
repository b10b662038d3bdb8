using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Blob;

/// <summary>What goes on, and what doesn't, when the tenant's key is gone.</summary>
public sealed class ClosingTests(AzureFixture cloud) : IClassFixture<AzureFixture>
{
    private static readonly (string, string)[] Closed =
    [
        ("GET", "data/a"), ("HEAD", "data/a"), ("GET", "data/a?comp=metadata"), ("PUT", "data/a?comp=metadata"),
        ("PUT", "data/a?comp=tier"), ("PUT", "data/new"), ("PUT", "data/new?comp=block&blockid=QQ=="),
        ("PUT", "data/log?comp=appendblock"), ("PUT", "data/disk?comp=page"),
        ("GET", "data?restype=container&comp=list&include=metadata"),
    ];

    private static readonly (string, string)[] Open =
    [
        ("GET", "data?restype=container&comp=list"), ("GET", "data/a?comp=tags"), ("GET", "data/a?comp=blocklist"),
        ("HEAD", "data?restype=container"), ("PUT", "data/a?comp=snapshot"), ("PUT", "data/a?comp=properties"),
        ("GET", "?comp=list"), ("PUT", "more?restype=container"),
    ];

    [Fact]
    public async Task Storages_list_says_what_a_disabled_key_stops_and_the_rest_goes_on()
    {
        var (account, blobs) = await NewStore();
        await blobs.PutBlob("data/b", "kept");
        var source = cloud.Source(account, "data/b");
        cloud.Admin.SetKeyEnabled(account, "acme", false);
        foreach (var (method, path) in Closed)
        {
            (await Ask(blobs, method, path)).Problem.ShouldBe("403 KeyVaultEncryptionKeyNotFound", $"{method} {path}");
        }

        foreach (var (method, path) in Open)
        {
            (await Ask(blobs, method, path)).Status.ShouldBeInRange(200, 202, $"{method} {path}");
        }

        foreach (var comp in new[] { "", "?comp=block&blockid=QQ==" })
        {
            (await blobs.Put("data/copy" + comp, null, ("x-ms-blob-type", "BlockBlob"),
                ("x-ms-copy-source", source))).Problem.ShouldBe("403 KeyVaultEncryptionKeyNotFound");
        }

        (await blobs.Put("data/copy", null, ("x-ms-copy-source", source))).Problem
            .ShouldBe("403 KeyVaultEncryptionKeyNotFound");
        (await blobs.Delete("data/b")).Expect(202);
        cloud.Admin.SetKeyEnabled(account, "acme", true);
        (await blobs.Get("data/a")).Text.ShouldBe("secret");
    }

    [Fact]
    public async Task A_source_whose_key_is_gone_cannot_be_copied_from()
    {
        var (account, _) = await NewStore();
        var other = BlobWire.Bearer(cloud, cloud.NewAccount(), cloud.Operator);
        cloud.Admin.SetKeyEnabled(account, "acme", false);
        var answer = await other.Put("data/copy", null, ("x-ms-blob-type", "BlockBlob"),
            ("x-ms-copy-source", cloud.Source(account, "data/a")));
        $"{answer.Problem} {answer.Header("x-ms-copy-source-error-code")}".ShouldBe(
            "403 CannotVerifyCopySource KeyVaultEncryptionKeyNotFound");
    }

    [Fact]
    public async Task Every_way_to_lose_the_key_has_its_code_and_undone_it_opens()
    {
        var (account, blobs) = await NewStore();
        var app = cloud.Admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!;
        await Closes("403 KeyVaultEncryptionKeyNotFound",
            () => cloud.Admin.RemoveRole(app, "Key Vault Crypto Service Encryption User"));
        cloud.Admin.AddRole(app, "Key Vault Crypto Service Encryption User", cloud.Admin.VaultId(account));
        await Closes("403 KeyVaultEncryptionKeyNotFound",
            () => cloud.Admin.SetVaultFirewall(account, denies: true, trusted: false));
        cloud.Admin.SetVaultFirewall(account, denies: true, trusted: true);
        await Closes("403 KeyVaultEncryptionKeyNotFound", () => cloud.Admin.DeleteKey(account, "acme"));
        cloud.Admin.RecoverKey(account, "acme");
        await Closes("403 KeyVaultVaultNotFound", () => cloud.Admin.SetVaultDeleted(account, true));
        cloud.Admin.SetVaultDeleted(account, false);
        (await blobs.Get("data/a")).Problem.ShouldBe("403 KeyVaultEncryptionKeyNotFound");
        cloud.Admin.AddRole(app, "Key Vault Crypto Service Encryption User", cloud.Admin.VaultId(account));
        await Closes("403 KeyVaultEncryptionKeyNotFound", () => cloud.Admin.ReplaceMaterial(account, "acme"));

        async Task Closes(string problem, Action act)
        {
            (await blobs.Get("data/a")).Expect(200);
            act();
            (await blobs.Get("data/a")).Problem.ShouldBe(problem);
        }
    }

    [Fact]
    public async Task An_application_uninstalled_or_deleted_is_an_error_of_another_kind()
    {
        await using var server = await LocalCloudServer.StartAsync();
        var admin = server.Admin.Azure;
        using var http = new HttpClient(server.NewAzureHandler());
        admin.CreateAccount("store");
        admin.CreateContainer("store", "data");
        admin.CreateVault("store");
        admin.CreateKey("store", "acme");
        Permit();
        admin.EncryptAccount("store", LocalCloudAzure.Vault("store"), "acme",
            federatedClientId: LocalCloudAzure.AppClientId);
        var blobs = BlobWire.Key(http, LocalCloudAzure.Blob("store"), "store", admin.AccountKey("store"));
        (await blobs.PutBlob("data/a", "secret")).Expect(201);
        admin.UninstallApp(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId);
        (await blobs.Get("data/a")).Problem.ShouldBe("500 InternalError");
        admin.InstallApp(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId);
        (await blobs.Get("data/a")).Problem.ShouldBe("403 KeyVaultEncryptionKeyNotFound");
        Permit();
        (await blobs.Get("data/a")).Expect(200);
        admin.RemoveFederatedCredential(LocalCloudAzure.AppClientId, LocalCloudAzure.IdentityObjectId);
        (await blobs.Get("data/a")).Problem.ShouldBe("500 InternalError");
        admin.AddFederatedCredential(LocalCloudAzure.AppClientId,
            $"https://login.microsoftonline.com/{LocalCloudAzure.PlatformTenant}/v2.0",
            LocalCloudAzure.IdentityObjectId, LocalCloudAzure.TokenExchangeAudience);
        (await blobs.Get("data/a")).Expect(200);
        admin.RemoveApp(LocalCloudAzure.AppClientId);
        (await blobs.Get("data/a")).Problem.ShouldBe("500 InternalError");
        (await blobs.Get("data?restype=container&comp=list")).Expect(200);

        void Permit() =>
            admin.AddRole(admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!,
                "Key Vault Crypto Service Encryption User", admin.VaultId("store"));
    }

    [Fact]
    public async Task An_identity_deleted_in_its_own_tenant_gets_no_token()
    {
        await using var server = await LocalCloudServer.StartAsync();
        var admin = server.Admin.Azure;
        using var http = new HttpClient(server.NewAzureHandler());
        admin.CreateAccount("store");
        admin.CreateContainer("store", "data");
        admin.CreateVault("store", subscription: LocalCloudAzure.PlatformSubscription);
        admin.CreateKey("store", "own");
        admin.AddRole(LocalCloudAzure.IdentityObjectId, "Key Vault Crypto Service Encryption User",
            admin.VaultId("store"));
        admin.EncryptAccount("store", LocalCloudAzure.Vault("store"), "own");
        var blobs = BlobWire.Key(http, LocalCloudAzure.Blob("store"), "store", admin.AccountKey("store"));
        (await blobs.PutBlob("data/a", "secret")).Expect(201);
        admin.RemoveApp(LocalCloudAzure.IdentityClientId);
        (await blobs.Get("data/a")).Problem.ShouldBe("403 KeyVaultAccessTokenCannotBeAcquired");
    }

    [Fact]
    public async Task Storage_may_lag_behind_and_may_not_reach_the_vault()
    {
        var (account, blobs) = await NewStore();
        var rule = cloud.Server.Admin.AddFault(
            new FaultRule(new FaultEffect.Drop()) { Service = FaultRule.KeyVaultViaStorage, Account = account });
        (await blobs.Get("data/a")).Problem.ShouldBe("503 ServerBusy");
        cloud.Server.Admin.RemoveFault(rule);
        cloud.Admin.KeyLag = TimeSpan.FromMinutes(10);
        try
        {
            cloud.Admin.SetKeyEnabled(account, "acme", false);
            (await blobs.Get("data/a")).Expect(200);
            cloud.Server.Admin.ClockOffset = TimeSpan.FromMinutes(11);
            (await blobs.Get("data/a")).Problem.ShouldBe("403 KeyVaultEncryptionKeyNotFound");
        }
        finally
        {
            cloud.Admin.KeyLag = TimeSpan.Zero;
            cloud.Server.Admin.ClockOffset = TimeSpan.Zero;
        }
    }

    [Fact]
    public async Task An_old_version_disabled_before_Storage_followed_closes_the_store()
    {
        var (account, blobs) = await NewStore();
        var old = cloud.Admin.LatestVersion(account, "acme");
        cloud.Admin.RotateKey(account, "acme");
        cloud.Admin.SetKeyEnabled(account, "acme", false, old);
        (await blobs.Get("data/a")).Problem.ShouldBe("403 KeyVaultEncryptionKeyNotFound");
        cloud.Server.Admin.ClockOffset = TimeSpan.FromHours(25);
        try
        {
            var later = BlobWire.Sas(cloud, account,
                SharedKey.ServiceSas(account, cloud.Admin.AccountKey(account), "data/a", "r",
                    DateTimeOffset.UtcNow.AddDays(3)));
            (await later.Get("data/a")).Text.ShouldBe("secret");
        }
        finally
        {
            cloud.Server.Admin.ClockOffset = TimeSpan.Zero;
        }
    }

    private static Task<AzureAnswer> Ask(BlobWire blobs, string method, string path) =>
        blobs.Send(method, path, method == "PUT" ? "x"u8.ToArray() : null,
            ("x-ms-blob-type", "BlockBlob"), ("x-ms-access-tier", "Cool"), ("x-ms-page-write", "update"),
            ("x-ms-range", "bytes=0-511"));

    private async Task<(string Account, BlobWire Blobs)> NewStore()
    {
        var account = cloud.NewLockedAccount();
        var blobs = BlobWire.Key(cloud, account);
        (await blobs.PutBlob("data/a", "secret")).Expect(201);
        (await blobs.Put("data/log", null, ("x-ms-blob-type", "AppendBlob"))).Expect(201);
        (await blobs.Put("data/disk", null, ("x-ms-blob-type", "PageBlob"), ("x-ms-blob-content-length", "512")))
            .Expect(201);
        return (account, blobs);
    }
}
