namespace LocalCloud.Aws.Kms;

/// <summary>256 bits and the id that KMS shows for them.</summary>
internal sealed record KeyMaterial(string Id, byte[] Bits, DateTimeOffset Created)
{
    public byte[] IdBytes { get; } = Convert.FromHexString(Id);
}
