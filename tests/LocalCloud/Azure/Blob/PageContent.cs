using System.Collections.Immutable;
using System.Security.Cryptography;
using LocalCloud.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>A page blob's bytes: pieces of other content, zeros between them.
/// A write makes another content that shares the rest.</summary>
internal sealed class PageContent : Content
{
    public const int Page = 512;

    private readonly ImmutableSortedDictionary<long, Content> pieces;

    private PageContent(long length, ImmutableSortedDictionary<long, Content> pieces) =>
        (Length, this.pieces) = (length, pieces);

    public override long Length { get; }

    public override bool IsSynthetic => true;

    public static PageContent Empty(long length) => new(length, ImmutableSortedDictionary<long, Content>.Empty);

    public static PageContent Of(Content whole) => whole as PageContent ?? Empty(whole.Length).Write(0, whole);

    /// <summary>Ranges that were written, neighbours joined.</summary>
    public IEnumerable<(long Start, long End)> Ranges
    {
        get
        {
            (long Start, long End)? open = null;
            foreach (var (start, piece) in pieces)
            {
                if (open is { } range && range.End == start)
                {
                    open = (range.Start, start + piece.Length);
                    continue;
                }

                if (open is { } done)
                {
                    yield return done;
                }

                open = (start, start + piece.Length);
            }

            if (open is { } last)
            {
                yield return last;
            }
        }
    }

    public PageContent Write(long offset, Content content) =>
        content.Length == 0 ? this : new(Length, Cut(offset, content.Length).Add(offset, content));

    public PageContent Clear(long offset, long count) => new(Length, Cut(offset, count));

    public PageContent Resize(long length) => new(length, length >= Length ? pieces : Cut(length, Length - length));

    public override void Describe(IncrementalHash hash)
    {
        foreach (var (start, piece) in pieces)
        {
            hash.AppendData(BitConverter.GetBytes(start));
            hash.AppendData(piece.Md5);
        }
    }

    public override void Read(long offset, Span<byte> destination)
    {
        destination.Clear();
        foreach (var (start, piece) in pieces)
        {
            if (start >= offset + destination.Length)
            {
                break;
            }

            var from = Math.Max(start, offset);
            var until = Math.Min(start + piece.Length, offset + destination.Length);
            if (from < until)
            {
                piece.Read(from - start, destination.Slice((int)(from - offset), (int)(until - from)));
            }
        }
    }

    private ImmutableSortedDictionary<long, Content> Cut(long offset, long count)
    {
        var end = offset + count;
        var result = pieces;
        foreach (var (start, piece) in pieces)
        {
            var pieceEnd = start + piece.Length;
            if (pieceEnd <= offset || start >= end)
            {
                continue;
            }

            result = result.Remove(start);
            if (start < offset)
            {
                result = result.Add(start, SlicedContent.Of(piece, 0, offset - start));
            }

            if (pieceEnd > end)
            {
                result = result.Add(end, SlicedContent.Of(piece, end - start, pieceEnd - end));
            }
        }

        return result;
    }
}
