namespace LocalCloud.Storage;

internal sealed class MemoryContent(byte[] bytes) : Content
{
    public static MemoryContent Empty { get; } = new([]);

    public override long Length => bytes.Length;

    public override void Read(long offset, Span<byte> destination) =>
        bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
}
