using System.Buffers;

namespace Cloud.Aws.Objects;

/// <summary>
/// Which keys a bulk delete can name. Its request is XML, which has no way to write most control characters, reads line
/// ends as other ones, and whose readers may trim a text's ends;
/// a key is an address of its own where it stands in a URL. Pure.
/// </summary>
internal static class BulkNames
{
    /// <summary>C0 without exception (tab and line ends are normalised by some), DEL and C1, the line ends of XML 1.1,
    /// and what is no character at all.</summary>
    private static readonly SearchValues<char> Unsafe = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Concat([0x2028, 0x2029, 0xFFFE, 0xFFFF])
            .Select(code => (char)code)]);

    public static bool Carry(string key) =>
        key.Length > 0 && !char.IsWhiteSpace(key[0]) && !char.IsWhiteSpace(key[^1])
            && key.AsSpan().IndexOfAny(Unsafe) < 0;
}
