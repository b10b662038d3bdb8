using System.Collections.Concurrent;

namespace Cloud.Aws.Keys;

/// <summary>
/// When we last changed a grant of a key. KMS takes up to five minutes to agree with itself afterwards, and what it denies
/// meanwhile is not the tenant's will.
/// </summary>
internal sealed class GrantTimes(TimeProvider time)
{
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> changed = new(StringComparer.Ordinal);

    public void Changed(string keyId) => changed[keyId] = time.GetUtcNow();

    public bool IsSettling(string keyId)
    {
        if (!changed.TryGetValue(keyId, out var at))
        {
            return false;
        }

        if (time.GetUtcNow() - at < Settling)
        {
            return true;
        }

        changed.TryRemove(keyId, out _);
        return false;
    }
}
