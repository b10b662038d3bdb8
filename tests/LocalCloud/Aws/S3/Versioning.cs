namespace LocalCloud.Aws.S3;

internal enum Versioning
{
    Off,
    Enabled,
    Suspended,
}
