using System.Collections.Concurrent;
using System.Globalization;

namespace LocalCloud.Azure.Arm;

/// <summary>Token buckets per subscription and kind of request, as Resource Manager keeps them.</summary>
internal sealed class ArmBudget(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Subscription, string Kind), Bucket> buckets = new();

    public int WriteBurst { get; set; } = 200;

    public int ReadBurst { get; set; } = 250;

    /// <summary>Tells the caller what is left, or how long to wait.</summary>
    public void Spend(AzureCall call, string subscription)
    {
        var (kind, burst, refill) = call.Method switch
        {
            "GET" or "HEAD" => ("reads", ReadBurst, 25),
            "DELETE" => ("deletes", WriteBurst, 10),
            _ => ("writes", WriteBurst, 10),
        };
        var bucket =
            buckets.GetOrAdd((subscription.ToLowerInvariant(), kind), _ => new Bucket(burst, clock.GetUtcNow()));
        var left = bucket.Take(clock.GetUtcNow(), Math.Min(burst, bucket.Capacity), refill);
        call.Response.Headers[$"x-ms-ratelimit-remaining-subscription-{kind}"] = Math.Max(0, left)
            .ToString(CultureInfo.InvariantCulture);
        if (left < 0)
        {
            throw ArmProblems.TooMany(1);
        }
    }

    public void Reset() => buckets.Clear();

    private sealed class Bucket(int capacity, DateTimeOffset start)
    {
        private readonly Lock gate = new();
        private double tokens = capacity;
        private DateTimeOffset last = start;

        public int Capacity { get; } = capacity;

        public int Take(DateTimeOffset now, int burst, int perSecond)
        {
            lock (gate)
            {
                tokens = Math.Min(burst, tokens + (Math.Max(0, (now - last).TotalSeconds) * perSecond));
                last = now;
                if (tokens < 1)
                {
                    return -1;
                }

                tokens--;
                return (int)tokens;
            }
        }
    }
}
