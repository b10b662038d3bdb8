using Azure.Core;
using Cloud.Azure.Calling;
using Cloud.Calling;
using Cloud.Objects;

namespace Cloud.Azure.Objects;

/// <summary>One copy: from which state of which blob to where, and the requests that all its forms share.</summary>
internal sealed record BlobCopy(ObjectVersion Version, BlobPlace Source, BlobPlace Target, string TargetKey)
{
    public BlobMoment From => BlobMoment.Of(Version.VersionId);

    public Uri SourceAddress => Source.Blob(Version.Key, From);

    public static BlobCopy Of(CopyOrder order, BlobSite site) => new(order.Version, site.Place(order.Source), site.Place(order.Target), order.TargetKey);

    public Task<BlobLook> LookAsync(BlobSite site, CancellationToken cancellation) => BlobLook.AskAsync(site, SourceAddress, Version.ETag, cancellation);

    /// <summary>Where the service finds the source, as whom it reads there, and that it must be the one that was listed.</summary>
    public async Task<IReadOnlyList<(string, string)>> SourceAsync(BlobSite site, CancellationToken cancellation) =>
    [
        ("x-ms-copy-source", SourceAddress.AbsoluteUri),
        ("x-ms-copy-source-authorization", await site.SourceAuthorizationAsync(SourceAddress, cancellation)),
        ("x-ms-source-if-match", BlobLook.Quoted(Version.ETag)),
    ];

    /// <summary>A write to the target that takes its content, if any, from elsewhere.</summary>
    public AzureCall Put(string operation, string? comp, IReadOnlyList<(string, string)> headers) =>
        new(operation, RequestMethod.Put, Target.Blob(TargetKey, new BlobMoment.Live(), comp), AzureAudience.Storage)
        {
            Headers = headers,
            Body = ReadOnlyMemory<byte>.Empty,
            Patience = CallPatience.Copy,
        };
}
