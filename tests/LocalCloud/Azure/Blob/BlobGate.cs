using LocalCloud.Aws;
using LocalCloud.Azure.Entra;
using LocalCloud.Azure.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>Recognises callers of the blob service, and decides what each may do.</summary>
internal sealed class BlobGate(AzureCloud cloud)
{
    /// <summary>By which a request says that it comes from this resource.</summary>
    public const string ResourceHeader = "x-localcloud-resource";

    private readonly SharedKeyCheck sharedKeys = new(cloud.Clock);
    private readonly SasCheck signatures = new(cloud);

    public BlobCaller Admit(AzureCall call, StorageAccount account, (string? Container, string? Blob) target)
    {
        if (account.Settings.HttpsOnly && !call.Request.IsHttps && !cloud.Options.TreatHttpAsSecure)
        {
            throw BlobProblems.RequiresHttps();
        }

        var caller = Recognise(call, account, target);
        if (!IsPrivate(call, account) && !IsAllowedResource(call, account))
        {
            DemandNetwork(account);
        }

        return caller;
    }

    /// <summary>The public network's rules are not asked about who comes by a private endpoint.</summary>
    private static bool IsPrivate(AzureCall call, StorageAccount account) =>
        call.Header(PrivateConnection.Header) is { } name
            && account.Connections.GetValueOrDefault(name) is { IsApproved: true };

    /// <summary>
    /// Nor about a resource instance that the rules name: it gets in with the public network disabled too
    /// (https://learn.microsoft.com/azure/storage/common/storage-network-security).
    /// </summary>
    private static bool IsAllowedResource(AzureCall call, StorageAccount account) =>
        call.Header(ResourceHeader) is { } resource
            && account.Settings.AllowedResources.Contains(resource, StringComparer.OrdinalIgnoreCase);

    /// <summary>Clients here come from the internet, from 127.0.0.1.</summary>
    public static void DemandNetwork(StorageAccount account)
    {
        if (!account.Settings.PublicNetwork
            || (account.Settings.DeniesByDefault && !account.Settings.AllowedAddresses.Contains("127.0.0.1")))
        {
            throw BlobProblems.NetworkForbidden();
        }
    }

    public BlobCaller Signature(
        (RawQuery Query, bool IsHttps) call, StorageAccount account, (string? Container, string? Blob) target) =>
            signatures.Admit(call, account, target);

    /// <summary>A refusal without credentials, which says where to get some.</summary>
    public AzureProblem Unknown(StorageAccount account) => BlobProblems.NoAuthentication(TenantOf(account));

    /// <summary>For a bearer token that comes in another header too: a copy's source.</summary>
    public BlobCaller.Bearer Bearer(string text, StorageAccount account)
    {
        var token = cloud.Mint.Read(text, out var fault) ?? throw BlobProblems.InvalidAuthentication(fault switch
        {
            TokenFault.Expired => "Lifetime validation failed. The token is expired.",
            TokenFault.BadSignature => "Signature validation failed. Signature verification failed.",
            _ => "Authentication scheme Bearer is not supported: the token is malformed.",
        });
        var audience = token.Audience.TrimEnd('/');
        if (audience != "https://storage.azure.com"
            && audience != LocalCloudAzure.Blob(account.Name).ToString().TrimEnd('/'))
        {
            throw BlobProblems.InvalidAuthentication("Audience validation failed. Audience did not match.");
        }

        if (!string.Equals(token.Principal.Tenant, TenantOf(account), StringComparison.OrdinalIgnoreCase))
        {
            throw BlobProblems.InvalidAuthentication("Issuer validation failed. Issuer did not match.");
        }

        return new BlobCaller.Bearer(token.Principal);
    }

    public bool May(
        BlobCaller caller, BlobRight right, StorageAccount account, (string? Container, string? Blob) target) =>
            caller switch
        {
            BlobCaller.SharedKey => true,
            BlobCaller.Bearer bearer => HasRole(bearer.Principal, right, account, target),
            BlobCaller.Sas sas =>
                right.Letters.Any(letter => sas.Token.Permissions.Contains(letter, StringComparison.Ordinal))
                    && (sas.Delegator is null || HasRole(sas.Delegator, right, account, target)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private BlobCaller Recognise(AzureCall call, StorageAccount account, (string? Container, string? Blob) target)
    {
        var header = call.Header("Authorization");
        if (call.Bearer is { } bearer)
        {
            var caller = Bearer(bearer, account);
            (call.Caller, call.Who) = (caller.Principal, caller.Principal.ObjectId);
            return caller;
        }

        if (header?.StartsWith("SharedKey ", StringComparison.Ordinal) == true)
        {
            call.Who = "sharedKey";
            sharedKeys.Demand(call, account, header["SharedKey ".Length..]);
            return new BlobCaller.SharedKey();
        }

        if (call.Query.Has("sig"))
        {
            call.Who = "sas";
            return Signature((call.Query, call.Request.IsHttps), account, target);
        }

        throw BlobProblems.NoAuthentication(TenantOf(account));
    }

    private bool HasRole(
        AzurePrincipal principal, BlobRight right, StorageAccount account, (string? Container, string? Blob) target)
    {
        var scope = target.Container is null ? account.Id
            : $"{account.Id}/blobServices/default/containers/{target.Container}";
        return cloud.Roles.May(principal.ObjectId, right.Action, scope, right.IsData, attribute => attribute switch
        {
            "Microsoft.Storage/storageAccounts:name" => account.Name,
            "Microsoft.Storage/storageAccounts/blobServices/containers:name" => target.Container,
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path" => target.Blob,
            _ => null,
        });
    }

    private string TenantOf(StorageAccount account) => cloud.Subscriptions.TenantOf(account.Group.Subscription) ?? "";
}
