using LocalCloud.Storage;

namespace LocalCloud.Aws.S3;

internal sealed record UploadedPart(
    int Number, Content Content, string ETag, ObjectChecksum? Checksum, DateTimeOffset Modified);
