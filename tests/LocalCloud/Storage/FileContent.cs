using Microsoft.Win32.SafeHandles;

namespace LocalCloud.Storage;

/// <summary>A stretch of a segment file. The file was unlinked when it was made:
/// the last content that refers to it takes it along.</summary>
internal sealed class FileContent(SafeFileHandle file, long start, long length) : Content
{
    public override long Length => length;

    public override void Read(long offset, Span<byte> destination)
    {
        var at = start + offset;
        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(file, destination, at);
            if (read == 0)
            {
                throw new IOException("a segment file is shorter than what was written to it");
            }

            at += read;
            destination = destination[read..];
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(file, bytes, start + offset);
}
