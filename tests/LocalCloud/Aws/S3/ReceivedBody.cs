using LocalCloud.Storage;

namespace LocalCloud.Aws.S3;

/// <summary>A received body: its content and what was computed on the way.</summary>
internal sealed record ReceivedBody(Content Content, ObjectChecksum Checksum);
