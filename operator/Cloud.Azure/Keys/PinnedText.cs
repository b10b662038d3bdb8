using System.Buffers.Text;
using System.Security.Cryptography;

namespace Cloud.Azure.Keys;

/// <summary>Text that holds a secret while it is put together and sent: in one place that no collection moves,
/// wiped on dispose.</summary>
internal sealed class PinnedText(int capacity) : IDisposable
{
    /// <summary>The longest part of an RSA key of 4096 bits.</summary>
    private const int LongestPart = 512;

    private readonly byte[] bytes = GC.AllocateArray<byte>(capacity, pinned: true);
    private readonly byte[] part = GC.AllocateArray<byte>(LongestPart, pinned: true);
    private int length;

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, length);

    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(bytes.AsSpan(length));
        length += text.Length;
    }

    public void AddBlanks(int count)
    {
        bytes.AsSpan(length, count).Fill((byte)' ');
        length += count;
    }

    /// <summary>A number as JSON web keys have it: of a fixed width, zeros in front.</summary>
    public void AddNumber(ReadOnlySpan<byte> number, int width)
    {
        var digits = number.TrimStart((byte)0);
        var padded = part.AsSpan(0, width);
        padded.Clear();
        digits.CopyTo(padded[(width - digits.Length)..]);
        AddBase64Url(padded);
    }

    public void AddBase64Url(ReadOnlySpan<byte> value) => length += Base64Url.EncodeToUtf8(value, bytes.AsSpan(length));

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(bytes);
        CryptographicOperations.ZeroMemory(part);
        length = 0;
    }
}
