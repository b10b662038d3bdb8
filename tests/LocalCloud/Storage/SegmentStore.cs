using Microsoft.Win32.SafeHandles;

namespace LocalCloud.Storage;

/// <summary>Room on disk for object data, handed out from segment files that vanish with their last reader.</summary>
internal sealed class SegmentStore(string folder) : IDisposable
{
    private const long SegmentBytes = 64L << 20;

    private readonly Lock gate = new();
    private SafeFileHandle? current;
    private long used;

    public FileContent Reserve(long length)
    {
        lock (gate)
        {
            if (length > SegmentBytes / 4)
            {
                return new FileContent(Open(), 0, length);
            }

            if (current is null || used + length > SegmentBytes)
            {
                current = Open();
                used = 0;
            }

            var start = used;
            used += length;
            return new FileContent(current, start, length);
        }
    }

    /// <summary>Every byte read and written once more.</summary>
    public FileContent Keep(Content content)
    {
        var kept = Reserve(content.Length);
        var at = 0L;
        content.Visit(0, content.Length, piece =>
        {
            kept.Write(at, piece.Span);
            at += piece.Length;
        });
        return kept;
    }

    /// <summary>Gives the room back of what nobody refers to any more: data goes with its last reader,
    /// which only the collector knows.</summary>
    public static void Reclaim()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    public void Dispose()
    {
        lock (gate)
        {
            current = null;
        }
    }

    private SafeFileHandle Open()
    {
        var path = Path.Combine(folder, "localcloud-" + Path.GetRandomFileName());
        var handle =
            File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        File.Delete(path);
        return handle;
    }
}
