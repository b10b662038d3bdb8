namespace LocalCloud.Azure.Blob;

/// <summary>By what a request is let in.</summary>
internal abstract record BlobCaller
{
    private BlobCaller()
    {
    }

    public sealed record Bearer(AzurePrincipal Principal) : BlobCaller;

    /// <summary>May do anything.</summary>
    public sealed record SharedKey : BlobCaller;

    /// <summary>May do what the letters say; one that a principal delegated, what that principal may besides.</summary>
    public sealed record Sas(SasToken Token, AzurePrincipal? Delegator) : BlobCaller;
}
