namespace LocalCloud.Azure.Blob;

internal enum BlobKind
{
    BlockBlob,
    AppendBlob,
    PageBlob,
}
