using System.Text;
using Azure.Core;
using ByokOperator.Api;
using Cloud;
using Cloud.Azure.Calling;
using Cloud.Stores;
using LocalCloud;

namespace CloudStories;

/// <summary>What lies in the shared container and in stores, and who writes there.</summary>
internal sealed partial class AzureScene
{
    public Task PutSharedAsync(string name, string content) => PutAsync(name, content, []);

    public Task ArchiveSharedAsync(string name) => PutAsync(name, "cold", [("x-ms-access-tier", "Archive")]);

    public Task PutHeldAsync(string name) => PutAsync(name, "held", [("x-ms-legal-hold", "true")]);

    private Task<int> PutAsync(string name, string content, (string, string)[] headers) =>
        PutAsync($"{Account}/{Container}", name, content, headers);

    private async Task<int> PutAsync(
        string place, string name, string content, (string, string)[] headers, int[]? accepts = null)
    {
        var call = new AzureCall("blob:PutBlob", RequestMethod.Put, Blob(place, name), AzureAudience.Storage)
        {
            Headers = [ApiVersion, ("x-ms-blob-type", "BlockBlob"), .. headers],
            Body = Encoding.UTF8.GetBytes(content),
            Accepts = accepts ?? [],
        };
        return (await Cloud.Caller.SendAsync(call, CancellationToken.None)).Status;
    }

    /// <summary>What somebody with a right to the shared container gets.</summary>
    public Task<int> TryPutSharedAsync(string name, string content) =>
        PutAsync($"{Account}/{Container}", name, content, [], [409, 412]);

    /// <summary>By a workload.</summary>
    public Task PutStoreAsync(StoreLocation store, string name, string content) =>
        PutAsync(store.Bucket, name, content, []);

    public Task DeleteAsync(StoreLocation store, string name) => DeleteAsync(store.Bucket, name);

    public Task DeleteSharedAsync(string name) => DeleteAsync($"{Account}/{Container}", name);

    private Task<AzureReply> DeleteAsync(string place, string name) => Cloud.Caller.SendAsync(
        new AzureCall("blob:DeleteBlob", RequestMethod.Delete, Blob(place, name),
            AzureAudience.Storage) { Headers = [ApiVersion] }, CancellationToken.None);

    public async Task<string> ReadSharedAsync(string name) => (await Cloud.Caller.SendAsync(
        new AzureCall("blob:GetBlob", RequestMethod.Get, Blob($"{Account}/{Container}", name),
            AzureAudience.Storage) { Headers = [ApiVersion] },
        CancellationToken.None)).Body.ToString();

    /// <summary>How many versions stand under that name in the shared container.</summary>
    public async Task<int> VersionsAsync(string name) =>
        (await Cloud.Objects.ListVersionsAsync(Ref($"{Account}/{Container}"), name, null, CancellationToken.None)
            .ToListAsync(CancellationToken.None))
            .Count(version => version.Key == name && !version.IsDeleteMarker);

    /// <summary>The shared account keeps versions from now on.</summary>
    public Task KeepVersionsAsync() => Cloud.Caller.SendAsync(
        new AzureCall(
            "arm:PutBlobService", RequestMethod.Put,
            new Uri(LocalCloudAzure.ResourceManager,
                $"{Admin.AccountId(Account)}/blobServices/default?api-version=2023-05-01"),
                    AzureAudience.ResourceManager)
        {
            Headers = [("Content-Type", "application/json")],
            Body = """{"properties":{"isVersioningEnabled":true}}"""u8.ToArray(),
        },
        CancellationToken.None);

    /// <summary>The shared container goes with what is in it.</summary>
    public void RemoveShared() => Admin.RemoveContainer(Account, Container);

    public void MakeShared() => Admin.CreateContainer(Account, Container);

    public void MakeContainer(StoreLocation store, string name) =>
        Admin.CreateContainer(store.Bucket.Split('/')[0], name);

    public void RemoveContainer(StoreLocation store, string name) =>
        Admin.RemoveContainer(store.Bucket.Split('/')[0], name);

    public async Task<IReadOnlyList<string>> ListSharedAsync(string prefix) =>
        await ListAsync($"{Account}/{Container}", prefix) ?? throw new InvalidOperationException("refused");

    public async Task<string?> ReadAsync(StoreLocation store, string name)
    {
        var reply = await Cloud.Caller.SendAsync(
            new AzureCall("blob:GetBlob", RequestMethod.Get, Blob(store.Bucket, name), AzureAudience.Storage)
            {
                Headers = [ApiVersion],
                Accepts = [403],
            }, CancellationToken.None);
        return reply.Status == 403 ? null : reply.Body.ToString();
    }

    public Task<IReadOnlyList<string>?> ListAsync(StoreLocation store, string prefix) =>
        ListAsync(store.Bucket, prefix);

    private async Task<IReadOnlyList<string>?> ListAsync(string name, string prefix)
    {
        try
        {
            return [.. (await Cloud.Objects.ListVersionsAsync(Ref(name), prefix, null, CancellationToken.None)
                .ToListAsync(CancellationToken.None))
                .Where(blob => blob is { IsLatest: true, IsDeleteMarker: false }).Select(blob => blob.Key)];
        }
        catch (CloudException refused) when (refused.Problem is CloudProblem.Forbidden)
        {
            return null;
        }
    }

    private static StoreRef Ref(string name) => new(LocalCloudAzure.Location, name)
    {
        Cloud = CloudKind.Azure,
        Scope = $"{LocalCloudAzure.PlatformSubscription}/{LocalCloudAzure.ResourceGroup}",
    };

    private static Uri Blob(string store, string name) =>
        new(LocalCloudAzure.Blob(store.Split('/')[0]),
            $"{store.Split('/')[1]}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}");
}
