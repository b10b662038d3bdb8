namespace LocalCloud.Azure.Blob;

/// <summary>One thing to be permitted, under its two names:
/// the role's and the letter of a shared access signature.</summary>
internal sealed record BlobRight(string Action, bool IsData, string Letters, char Level)
{
    private const string Containers = "Microsoft.Storage/storageAccounts/blobServices/containers/";
    private const string Blobs = Containers + "blobs/";

    public static BlobRight Read { get; } = new(Blobs + "read", true, "r", 'o');

    public static BlobRight Write { get; } = new(Blobs + "write", true, "w", 'o');

    /// <summary>What makes a blob anew is content with the letter for that; what overwrites one isn't.</summary>
    public static BlobRight Create { get; } = new(Blobs + "write", true, "wc", 'o');

    public static BlobRight Append { get; } = new(Blobs + "add/action", true, "aw", 'o');

    public static BlobRight Delete { get; } = new(Blobs + "delete", true, "d", 'o');

    public static BlobRight DeleteVersion { get; } = new(Blobs + "deleteBlobVersion/action", true, "x", 'o');

    public static BlobRight ReadTags { get; } = new(Blobs + "tags/read", true, "t", 'o');

    public static BlobRight WriteTags { get; } = new(Blobs + "tags/write", true, "t", 'o');

    public static BlobRight List { get; } = new(Blobs + "read", true, "l", 'c');

    public static BlobRight ReadContainer { get; } = new(Containers + "read", false, "r", 'c');

    public static BlobRight WriteContainer { get; } = new(Containers + "write", false, "wc", 'c');

    public static BlobRight DeleteContainer { get; } = new(Containers + "delete", false, "d", 'c');

    public static BlobRight ContainerAcl { get; } = new(Containers + "getAcl/action", false, "-", 'c');

    public static BlobRight WriteContainerAcl { get; } = new(Containers + "setAcl/action", false, "-", 'c');

    public static BlobRight ListContainers { get; } = new(Containers + "read", false, "l", 's');

    public static BlobRight ServiceProperties { get; } =
        new("Microsoft.Storage/storageAccounts/blobServices/read", false, "r", 's');

    public static BlobRight DelegationKey { get; } =
        new("Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action", false, "-", 's');
}
