using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LocalCloud.Storage;

/// <summary>A range of other content: what UploadPartCopy makes.</summary>
internal sealed class SlicedContent(Content whole, long start, long length) : Content
{
    public override long Length => length;

    public override bool IsSynthetic => whole.IsSynthetic;

    public static Content Of(Content whole, long start, long length) =>
        start == 0 && length == whole.Length ? whole : new SlicedContent(whole, start, length);

    public override void Describe(IncrementalHash hash)
    {
        Span<byte> terms = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(terms, start);
        BinaryPrimitives.WriteInt64LittleEndian(terms[8..], length);
        hash.AppendData(whole.Md5);
        hash.AppendData(terms);
    }

    public override ulong AppendCrc(Crc crc, ulong value, long offset, long count) =>
        whole.AppendCrc(crc, value, start + offset, count);

    public override void Read(long offset, Span<byte> destination) => whole.Read(start + offset, destination);
}
