using System.Net;
using System.Net.Http.Headers;

namespace Cloud.Tests.Calling;

/// <summary>A body that begins like a document and never ends. Counts what was taken of it.</summary>
internal sealed class EndlessContent : HttpContent
{
    private readonly byte[] beginning;
    private long taken;

    public EndlessContent(string beginning, string type)
    {
        this.beginning = System.Text.Encoding.UTF8.GetBytes(beginning);
        Headers.ContentType = MediaTypeHeaderValue.Parse(type);
    }

    public long Taken => taken;

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new Body(this));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        throw new NotSupportedException("nobody may take the whole of it");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private sealed class Body(EndlessContent content) : Stream
    {
        private int at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => at;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var begun = content.beginning.AsSpan(at)[..Math.Min(count, content.beginning.Length - at)];
            buffer.AsSpan(offset, count).Fill((byte)'x');
            begun.CopyTo(buffer.AsSpan(offset));
            at += begun.Length;
            content.taken += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
