using System.Buffers;
using System.IO.Pipelines;

namespace Kube.Client;

/// <summary>
/// A whole body in parts of a few kilobytes. A list page is megabytes: in one piece it is a large object, and the
/// buffers it grew through stay in the shared pool for as long as the process lives.
/// </summary>
internal static class BodyParts
{
    private const int PartBytes = 16 * 1024;

    /// <param name="response">Whose body was not read yet.</param>
    /// <param name="mostBytes">A longer one is a <see cref="TooLongException"/>.</param>
    /// <param name="read">Called once, with all of it; the parts go back to the pool after.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<T> ReadAsync<T>(
        HttpResponseMessage response, int mostBytes, Func<ReadOnlySequence<byte>, T> read,
        CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: PartBytes, leaveOpen: true));
        try
        {
            while (true)
            {
                var part = await pipe.ReadAsync(cancellation);
                if (part.Buffer.Length > mostBytes)
                {
                    throw new TooLongException($"The answer is longer than {mostBytes} bytes.");
                }

                if (part.IsCompleted)
                {
                    return read(part.Buffer);
                }

                pipe.AdvanceTo(part.Buffer.Start, part.Buffer.End);
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }
}

/// <summary>A body or a line is longer than this client takes; the connection itself is sound.</summary>
internal sealed class TooLongException(string message) : IOException(message);
