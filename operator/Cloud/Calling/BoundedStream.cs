namespace Cloud.Calling;

/// <summary>Breaks off with an <see cref="AnswerTooLongException"/> where more comes than
/// <paramref name="mostBytes"/>.</summary>
internal sealed class BoundedStream(Stream content, int mostBytes) : Stream
{
    private long taken;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => taken;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Counted(content.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Counted(content.Read(buffer));

    public override async Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Counted(await content.ReadAsync(buffer.AsMemory(offset, count), cancellationToken));

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await content.ReadAsync(buffer, cancellationToken));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Counted(int read)
    {
        taken += read;
        return taken <= mostBytes ? read : throw new AnswerTooLongException(mostBytes);
    }
}

/// <summary>No service's answer is as long as this one.</summary>
internal sealed class AnswerTooLongException(
    int mostBytes) : IOException($"the answer is longer than {mostBytes} bytes")
{
    /// <summary>Null unless that is what is at the bottom of it: SDKs wrap what their wire throws.</summary>
    public static CloudProblem? ProblemOf(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is AnswerTooLongException)
            {
                return new CloudProblem.Unreachable(CloudProblem.AnswerTooLong, failure.Message);
            }
        }

        return null;
    }
}
