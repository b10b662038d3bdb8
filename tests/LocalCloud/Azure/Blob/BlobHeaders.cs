namespace LocalCloud.Azure.Blob;

/// <summary>The headers that a blob is given back with.</summary>
internal sealed record BlobHeaders
{
    public const string DefaultType = "application/octet-stream";

    public static BlobHeaders None { get; } = new();

    public string ContentType { get; init; } = DefaultType;

    public string? Encoding { get; init; }

    public string? Language { get; init; }

    public string? Md5 { get; init; }

    public string? CacheControl { get; init; }

    public string? Disposition { get; init; }

    /// <summary>Put Blob may say Content-Type where the others say x-ms-blob-content-type.</summary>
    public static BlobHeaders Read(BlobCall call, bool plainToo)
    {
        string? Given(string name) => call.Header("x-ms-blob-" + name) ?? (plainToo ? call.Header(name) : null);
        return new BlobHeaders
        {
            ContentType = Given("content-type") is { Length: > 0 } type ? type : DefaultType,
            Encoding = Given("content-encoding"),
            Language = Given("content-language"),
            Md5 = call.Header("x-ms-blob-content-md5"),
            CacheControl = Given("cache-control"),
            Disposition = call.Header("x-ms-blob-content-disposition"),
        };
    }
}
