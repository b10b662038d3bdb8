using System.Globalization;

namespace LocalCloud.Azure.Blob;

/// <summary>Times that never repeat: entity tags, version ids and snapshots are made of them.</summary>
internal sealed class StampClock(TimeProvider clock)
{
    private long last;

    public long Next()
    {
        while (true)
        {
            var before = Interlocked.Read(ref last);
            var next = Math.Max(before + 1, clock.GetUtcNow().UtcTicks);
            if (Interlocked.CompareExchange(ref last, next, before) == before)
            {
                return next;
            }
        }
    }

    public static string Text(long stamp) =>
        new DateTime(stamp, DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
