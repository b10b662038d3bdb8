namespace LocalCloud.Azure.Blob;

/// <summary>How a blob came to be a copy. A pending one ends by itself when its time has come.</summary>
internal sealed record CopyState(string Id, string Source, string Status, long Total)
{
    public DateTimeOffset Started { get; init; }

    public DateTimeOffset Ends { get; init; }

    /// <summary>What the blob will be.</summary>
    public BlobState? Result { get; init; }

    public bool IsPending => Status == "pending";

    public long DoneBytes(DateTimeOffset now) => Status switch
    {
        "success" => Total,
        "pending" when Ends > Started => (long)(Total * Math.Clamp((now - Started) / (Ends - Started), 0, 1)),
        _ => 0,
    };
}
