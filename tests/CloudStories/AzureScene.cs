using ByokOperator.Api;
using Azure.Core;
using Cloud;
using Cloud.Azure;
using Cloud.Azure.Calling;
using LocalCloud;
using LocalCloud.Azure.Admin;
using LocalCloud.Faults;
using Microsoft.Extensions.Logging.Abstractions;
using Quickstart;
using Shouldly;

namespace CloudStories;

/// <summary>Key Vault and Storage: the tenant's directory and the platform's.</summary>
/// <param name="tenant">Names the vault.</param>
/// <param name="isHierarchical">The shared account has a hierarchical namespace.</param>
internal sealed partial class AzureScene(string tenant = "acme", bool isHierarchical = false) : ICloudScene
{
    private const string Account = "platformbackups";
    private const string Container = "backups";
    private const string Key = "acme";
    private const string PlatformVault = "platform-keys";
    private const string Role = "Key Vault Crypto Service Encryption User";

    private static readonly (string, string) ApiVersion = ("x-ms-version", "2023-11-03");

    private readonly string vault = $"{tenant}-keys";
    private Stage? stage;
    private StageAzure? identity;
    private AzureCloud? cloud;

    public string KeyId => $"https://{vault}.vault.azure.net/keys/{Key}";

    private AzureAdmin Admin => stage?.Cloud.Admin.Azure ?? throw new InvalidOperationException("not set yet");

    private AzureCloud Cloud => cloud ?? throw new InvalidOperationException("not set yet");

    private string App => Admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!;

    public void Set(Stage stage)
    {
        SetKey(stage);
        Admin.CreateAccount(Account, isHierarchical);
        Admin.CreateContainer(Account, Container);
    }

    /// <summary>From now on the operator's identity has these roles alone,
    /// in the place of those that a fresh cloud gives it.</summary>
    /// <param name="roles">Each with what it is on, in the words of examples/azure/roles.json.</param>
    public void GiveOperatorOnly(IEnumerable<(string Role, string On)> roles)
    {
        foreach (var role
            in (string[])["Contributor", "Storage Blob Data Owner", "Role Based Access Control Administrator"])
        {
            Admin.RemoveRole(LocalCloudAzure.IdentityObjectId, role).ShouldBe(1);
        }

        const string Subscription = $"/subscriptions/{LocalCloudAzure.PlatformSubscription}";
        foreach (var (role, on) in roles)
        {
            Admin.AddRole(LocalCloudAzure.IdentityObjectId, role, on switch
            {
                "stores" => $"{Subscription}/resourceGroups/{LocalCloudAzure.ResourceGroup}",
                "shared" => Admin.AccountId(Account),
                "identity" => LocalCloudAzure.IdentityResourceId,
                "subscription" => Subscription,
                "vault" => Admin.VaultId(PlatformVault),
                _ => throw new ArgumentException($"nothing is called {on}", nameof(roles)),
            });
        }
    }

    /// <summary>Without a shared place.</summary>
    public void SetKey(Stage stage)
    {
        this.stage = stage;
        Admin.CreateVault(vault);
        Admin.CreateKey(vault, Key);
        identity = new StageAzure(stage.Cloud);
        cloud = identity.Connect(NullLoggerFactory.Instance, leave: null);
    }

    public void Grant(bool may)
    {
        if (may)
        {
            Admin.AddRole(App, Role, $"{Admin.VaultId(vault)}/keys/{Key}");
        }
        else
        {
            Admin.RemoveRole(App, Role);
        }
    }

    public string Version => Admin.LatestVersion(vault, Key);

    public void RotateKey() => Admin.RotateKey(vault, Key);

    /// <summary>The key that an account says to be under.</summary>
    public async Task<string?> KeyOfAsync(StoreLocation store)
    {
        var id = Admin.AccountId(store.Bucket.Split('/')[0]);
        var reply = await Cloud.Caller.SendAsync(
            new AzureCall("arm:GetStorageAccount", RequestMethod.Get,
                new Uri(LocalCloudAzure.ResourceManager, $"{id}?api-version=2023-05-01"),
                AzureAudience.ResourceManager), CancellationToken.None);
        var key = System.Text.Json.Nodes.JsonNode
            .Parse(reply.Body.ToMemory().Span)!["properties"]!["encryption"]!["keyvaultproperties"]!;
        return (string?)key["currentVersionedKeyIdentifier"];
    }

    /// <summary>Another key of the tenant's, in another vault.</summary>
    public TenantEncryptionKeySpec NameSecond(TenantEncryptionKeySpec key)
    {
        Admin.CreateVault(SecondVault);
        Admin.CreateKey(SecondVault, Key);
        Admin.AddRole(App, Role, $"{Admin.VaultId(SecondVault)}/keys/{Key}");
        var named = Name(key);
        return named with
        {
            AzureKeyVault = named.AzureKeyVault! with { VaultUri = $"https://{SecondVault}.vault.azure.net" },
        };
    }

    public string SecondKeyId => $"https://{SecondVault}.vault.azure.net/keys/{Key}";

    public void SwitchSecondKey(bool on) => Admin.SetKeyEnabled(SecondVault, Key, on);

    private string SecondVault => $"{tenant}-keys-2";

    public void SwitchKey(bool on) => Admin.SetKeyEnabled(vault, Key, on);

    public void ReplaceKey() => Admin.ReplaceMaterial(vault, Key);

    public void SilenceKeys(bool silent) => Admin.SetUnreachable("keyvault", silent);

    public void SilenceStores(bool silent) => Admin.SetUnreachable("arm", silent);

    public TenantEncryptionKeySpec Name(TenantEncryptionKeySpec key) => key with
    {
        AzureKeyVault = new AzureKeyVaultSource
        {
            VaultUri = $"https://{vault}.vault.azure.net", KeyName = Key, TenantId = LocalCloudAzure.Tenant,
            ClientId = LocalCloudAzure.AppClientId,
        },
    };

    public TenantEncryptionKeySpec NameElsewhere(TenantEncryptionKeySpec key) => key with
    {
        AwsKms = new AwsKmsSource
        {
            Keys =
            [
                new AwsKmsKey
                {
                    Region = Stage.Region,
                    Arn = stage!.Cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, Stage.Region),
                },
            ],
        },
    };

    public EncryptedStoreSpec Place(EncryptedStoreSpec store, string? own, string? prefix) => store with
    {
        Azure = new AzureStore
        {
            SubscriptionId = LocalCloudAzure.PlatformSubscription, ResourceGroup = LocalCloudAzure.ResourceGroup,
            Location = LocalCloudAzure.Location, AccountName = own,
        },
        Shared = prefix is null ? null
            : new SharedLocation
            {
                Azure = new AzureSharedLocation
                {
                    AccountName = Account,
                    Container = Container,
                    Prefix = prefix.Length == 0 ? null : prefix,
                },
            },
    };

    public string TakeName()
    {
        Admin.CreateAccount("takenbyanother");
        return "takenbyanother";
    }

    /// <summary>Whether even the plain listing is refused, which goes on when a key goes.</summary>
    public async Task<bool> IsShutAsync(StoreLocation store)
    {
        var address = new Uri(LocalCloudAzure.Blob(store.Bucket.Split('/')[0]),
            $"{store.Bucket.Split('/')[1]}?restype=container&comp=list");
        var reply = await Cloud.Caller.SendAsync(
            new AzureCall("blob:ListBlobs", RequestMethod.Get, address, AzureAudience.Storage)
            {
                Headers = [ApiVersion],
                Accepts = [403],
            }, CancellationToken.None);
        return reply.Status == 403;
    }

    public bool Stands(StoreLocation store)
    {
        try
        {
            return Admin.AccountId(store.Bucket.Split('/')[0]).Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public void HoldCopies(Turnstile turnstile) =>
        stage!.Cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile)) { Service = "blob", Operation = "PutBlobFromUrl" });

    public ValueTask DisposeAsync()
    {
        cloud?.Dispose();
        identity?.Dispose();
        return ValueTask.CompletedTask;
    }
}
