using System.Text;

namespace Byok.Copying;

/// <summary>
/// Which shard a key belongs to. Our own function and not <c>string.GetHashCode</c>: every worker, on every restart and
/// in every build, must come to the same answer, or an object would belong to nobody.
/// </summary>
public static class ObjectShard
{
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>All versions of a key fall into one shard.</summary>
    public static int Of(string key, int shards)
    {
        Span<byte> stack = stackalloc byte[1024];
        var size = Encoding.UTF8.GetByteCount(key);
        var bytes = size <= stack.Length ? stack[..size] : new byte[size];
        Encoding.UTF8.GetBytes(key, bytes);

        var hash = OffsetBasis;
        foreach (var value in bytes)
        {
            hash = unchecked((hash ^ value) * Prime);
        }

        // FNV's low bits follow the last bytes closely; numbered keys would fill shards unevenly without a final mix.
        hash ^= hash >> 33;
        hash = unchecked(hash * 0xff51afd7ed558ccd);
        hash ^= hash >> 33;
        return (int)(hash % (ulong)shards);
    }
}
