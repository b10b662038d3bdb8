namespace LocalCloud.Azure.Blob;

/// <summary>Which operation a request is.</summary>
internal sealed class BlobRoutes(BlobIntake intake)
{
    private readonly BlobReads reads = new();
    private readonly BlockBlobs blocks = new(intake);
    private readonly AppendBlobs appends = new(intake);
    private readonly PageBlobs pages = new(intake);
    private readonly BlobCopies copies = new();
    private readonly BlobTraits traits = new();
    private readonly BlobDeletes deletes = new();
    private readonly Leases leases = new();
    private readonly BlobLists lists = new();
    private readonly Containers containers = new();
    private readonly BlobServiceCalls service = new();

    public (string Name, Func<BlobCall, Task> Operation) Pick(AzureCall call)
    {
        var comp = call.Query["comp"] ?? "";
        var found = call.Key is not null ? Blob(call, comp)
            : call.Container is not null ? OfContainer(call.Method, comp)
            : Service(call.Method, call.Query["restype"] ?? "", comp);
        return found is { } operation ? (operation.Method.Name, operation)
            : ("Unknown", _ => throw BlobProblems.NotModelled($"{call.Method} {call.Path} {comp}"));
    }

    private Func<BlobCall, Task>? Service(string method, string type, string comp) => (method, type, comp) switch
    {
        ("GET", "", "list") => service.ListContainers,
        ("GET" or "HEAD", "account", "properties") => service.GetAccountInformation,
        ("GET", "service", "properties") => service.GetServiceProperties,
        ("POST", "service", "userdelegationkey") => service.GetUserDelegationKey,
        _ => null,
    };

    private Func<BlobCall, Task>? OfContainer(string method, string comp) => (method, comp) switch
    {
        ("PUT", "") => containers.CreateContainer,
        ("GET" or "HEAD", "" or "metadata") => containers.GetContainerProperties,
        ("DELETE", "") => containers.DeleteContainer,
        ("PUT", "metadata") => containers.SetContainerMetadata,
        ("GET" or "HEAD", "acl") => containers.GetContainerAcl,
        ("PUT", "acl") => containers.SetContainerAcl,
        ("PUT", "lease") => leases.LeaseContainer,
        ("GET", "list") => lists.ListBlobs,
        _ => null,
    };

    private Func<BlobCall, Task>? Blob(AzureCall call, string comp) => (call.Method, comp) switch
    {
        ("GET", "") => reads.GetBlob,
        ("HEAD", "") => reads.GetBlobProperties,
        ("DELETE", "") => deletes.DeleteBlob,
        ("GET" or "HEAD", "metadata") => reads.GetBlobMetadata,
        ("GET", "tags") => traits.GetBlobTags,
        ("GET", "blocklist") => blocks.GetBlockList,
        ("GET", "pagelist") => pages.GetPageRanges,
        ("PUT", _) => Put(call, comp),
        _ => null,
    };

    private Func<BlobCall, Task>? Put(AzureCall call, string comp)
    {
        var fromUrl = call.Header("x-ms-copy-source") is not null;
        return comp switch
        {
            "" when !fromUrl => blocks.PutBlob,
            "" when call.Header("x-ms-blob-type") is not null => copies.PutBlobFromUrl,
            "" => call.Header("x-ms-requires-sync") == "true" ? copies.CopyBlobFromUrl : copies.CopyBlob,
            "copy" => copies.AbortCopyBlob,
            "block" => fromUrl ? copies.PutBlockFromUrl : blocks.PutBlock,
            "blocklist" => blocks.PutBlockList,
            "appendblock" => fromUrl ? copies.AppendBlockFromUrl : appends.AppendBlock,
            "seal" => appends.Seal,
            "page" => fromUrl ? copies.PutPageFromUrl : pages.PutPage,
            "metadata" => traits.SetBlobMetadata,
            "properties" => traits.SetBlobProperties,
            "tags" => traits.SetBlobTags,
            "tier" => traits.SetBlobTier,
            "snapshot" => deletes.SnapshotBlob,
            "undelete" => deletes.UndeleteBlob,
            "lease" => leases.LeaseBlob,
            _ => null,
        };
    }
}
