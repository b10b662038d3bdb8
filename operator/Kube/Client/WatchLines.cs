using System.Buffers;
using System.IO.Pipelines;

namespace Kube.Client;

/// <summary>Cuts a stream into lines, none longer than the limit:
/// a server that sends no newline can't fill the memory.</summary>
internal sealed class WatchLines(Stream stream, int maxLineBytes)
{
    private readonly PipeReader pipe =
        PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
    private SequencePosition? consumed;

    /// <summary>The next line without its end, valid until the next call; null at the end of the stream.</summary>
    public async ValueTask<ReadOnlySequence<byte>?> NextAsync(CancellationToken cancellation)
    {
        if (consumed is { } position)
        {
            pipe.AdvanceTo(position);
            consumed = null;
        }

        while (true)
        {
            var read = await pipe.ReadAsync(cancellation);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                consumed = read.Buffer.GetPosition(1, end);
                return Limited(read.Buffer.Slice(0, end));
            }

            _ = Limited(read.Buffer);
            if (read.IsCompleted)
            {
                return LastLine(read.Buffer);
            }

            pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>What follows the last newline was cut off in the middle unless it is nothing.</summary>
    private ReadOnlySequence<byte>? LastLine(ReadOnlySequence<byte> rest)
    {
        consumed = rest.End;
        return rest.IsEmpty ? null : throw new IOException("The stream ended in the middle of a line.");
    }

    private ReadOnlySequence<byte> Limited(ReadOnlySequence<byte> line) =>
        line.Length <= maxLineBytes ? line : throw new TooLongException($"A line is longer than {maxLineBytes} bytes.");
}
