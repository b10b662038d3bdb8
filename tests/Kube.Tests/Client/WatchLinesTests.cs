using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Kube.Client;
using Shouldly;
using Xunit;

namespace Kube.Tests.Client;

public sealed class WatchLinesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_are_the_same_however_the_bytes_arrive()
    {
        var whole = Encoding.UTF8.GetBytes("{\"a\":1}\n{\"b\":\"ü\"}\n\n");
        foreach (var size in new[] { 1, 2, 3, 7, 64 })
        {
            (await ReadAsync(whole.Chunk(size), limit: 100)).ShouldBe(["{\"a\":1}", "{\"b\":\"ü\"}", ""]);
        }
    }

    [Fact]
    public async Task A_line_longer_than_the_limit_is_refused_before_its_end_arrives()
    {
        var endless = Enumerable.Repeat(new byte[] { 65 }, 1000);

        (await Should.ThrowAsync<IOException>(() => ReadAsync(endless, limit: 100))).Message.ShouldContain("100 bytes");
    }

    [Fact]
    public async Task A_stream_cut_in_the_middle_of_a_line_is_a_failure_and_not_an_end() =>
        await Should.ThrowAsync<IOException>(() =>
            ReadAsync([Encoding.UTF8.GetBytes("{\"a\":1}\n{\"b\"")], limit: 100));

    private static async Task<List<string>> ReadAsync(IEnumerable<byte[]> chunks, int limit)
    {
        var pipe = new Pipe();
        foreach (var chunk in chunks)
        {
            await pipe.Writer.WriteAsync(chunk, Cancellation);
        }

        await pipe.Writer.CompleteAsync();
        var lines = new WatchLines(new OneByOne(pipe.Reader.AsStream()), limit);
        var read = new List<string>();
        while (await lines.NextAsync(Cancellation) is { } line)
        {
            read.Add(Encoding.UTF8.GetString(line));
        }

        return read;
    }

    /// <summary>Gives at most five bytes per read, as a network may.</summary>
    private sealed class OneByOne(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set =>
            throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer[..Math.Min(buffer.Length, 5)], cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) =>
            inner.Read(buffer, offset, Math.Min(count, 5));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
