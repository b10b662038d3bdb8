using Azure.Storage.Blobs.Models;
using Cloud.Calling;
using Cloud.Objects;

namespace Cloud.Azure.Objects;

/// <summary>One entry of a list as the service gives it.</summary>
internal sealed record ListedBlob(BlobItem Item)
{
    private const string Archive = "Archive";

    public string Name => Item.Name;

    public string? Snapshot => Item.Snapshot;

    public string? VersionId => Item.VersionId;

    public DateTimeOffset Modified => Item.Properties.LastModified ?? default;

    /// <summary>It answers to its bare name. In a store without versions nothing
    /// says so but that it is no snapshot.</summary>
    public bool IsBase => Snapshot is null && (Item.IsLatestVersion == true || VersionId is null);

    /// <summary>When it came to be what it is; both kinds of stamps are of one clock and sort as text.</summary>
    public string Stamp => Snapshot ?? VersionId ?? "";

    /// <summary>Null where the account's default stands in.</summary>
    private string? Tier =>
        Item.Properties is { AccessTierInferred: false, AccessTier: { } tier }
            && tier.ToString() is { Length: > 0 } name ? name : null;

    private string? Md5 => BlobLook.Text(Item.Properties.ContentHash);

    private string Form => BlobForm.Of(Item.Properties.BlobType);

    private long Size => Item.Properties.ContentLength ?? 0;

    private BlobMoment Moment =>
        Snapshot is { } time ? new BlobMoment.Snapshot(time) : VersionId is { } id ? new BlobMoment.Version(id)
            : new BlobMoment.Live();

    public ObjectVersion ToVersion() => new(
        Name, Moment.Name, BlobLook.Bare(Item.Properties.ETag), Size, Modified, IsDeleteMarker: false, IsBase, Tier,
        Md5 is null ? null : BlobLook.Md5Algorithm)
    {
        Form = Form,
        IsLeased = Item.Properties.LeaseStatus == LeaseStatus.Locked,
        Obstacle = Item.Properties.ArchiveStatus is not null ? ObjectRefusals.Seen("BlobBeingRehydrated", Tier ?? "")
            : Tier == Archive ? ObjectRefusals.Seen("BlobArchived", Archive)
            // its key came with the request that wrote it
            : Item.Properties.CustomerProvidedKeySha256 is { Length: > 0 }
                ? ObjectRefusals.Seen("BlobUsesCustomerSpecifiedEncryption", "")
            : null,
        Checksum = Md5 is { } md5 && BlobForm.HasCheckedDigest(Form, Size)
            ? new Checksum(BlobLook.Md5Algorithm, md5, IsFullObject: true) : null,
    };
}
