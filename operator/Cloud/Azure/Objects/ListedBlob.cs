using Cloud.Calling;
using Cloud.Objects;

namespace Cloud.Azure.Objects;

/// <summary>One entry of a list as the service gives it.</summary>
internal sealed record ListedBlob(string Name)
{
    public string? Snapshot { get; init; }

    public string? VersionId { get; init; }

    public bool IsCurrent { get; init; }

    public string ETag { get; init; } = "";

    public long Size { get; init; }

    public DateTimeOffset Modified { get; init; }

    public string Form { get; init; } = BlobForm.Block;

    /// <summary>Null where the account's default stands in.</summary>
    public string? Tier { get; init; }

    public string? Md5 { get; init; }

    /// <summary>Under way from the archive to another tier.</summary>
    public bool IsRehydrating { get; init; }

    /// <summary>Of a key that came with the request which wrote it.</summary>
    public bool HasOwnKey { get; init; }

    public bool IsLeased { get; init; }

    /// <summary>It answers to its bare name. In a store without versions nothing says so but that it is no snapshot.</summary>
    public bool IsBase => Snapshot is null && (IsCurrent || VersionId is null);

    /// <summary>When it came to be what it is; both kinds of stamps are of one clock and sort as text.</summary>
    public string Stamp => Snapshot ?? VersionId ?? "";

    public BlobMoment Moment => Snapshot is { } time ? new BlobMoment.Snapshot(time) : VersionId is { } id ? new BlobMoment.Version(id) : new BlobMoment.Live();

    public ObjectVersion ToVersion() => new(Name, Moment.Name, ETag, Size, Modified, IsDeleteMarker: false, IsBase, Tier, Md5 is null ? null : BlobLook.Md5Algorithm)
    {
        Form = Form,
        IsLeased = IsLeased,
        Obstacle = IsRehydrating ? ObjectRefusals.Seen("BlobBeingRehydrated", Tier ?? "")
            : Tier == "Archive" ? ObjectRefusals.Seen("BlobArchived", Tier)
            : HasOwnKey ? ObjectRefusals.Seen("BlobUsesCustomerSpecifiedEncryption", "")
            : null,
        Checksum = Md5 is not null && BlobForm.HasCheckedDigest(Form, Size) ? new Checksum(BlobLook.Md5Algorithm, Md5, IsFullObject: true) : null,
    };
}
