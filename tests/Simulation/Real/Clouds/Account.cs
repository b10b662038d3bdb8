namespace Simulation.Real.Clouds;

/// <summary>All that stands in the clouds, the platform's and the tenants'.</summary>
internal sealed class Account
{
    public Dictionary<string, Bucket> Buckets { get; } = [];

    public Dictionary<string, CloudKey> Keys { get; } = [];

    /// <summary>Numbers every ciphertext and every fence.</summary>
    public int Made { get; set; }

    public Bucket? Find(string name) => Buckets.GetValueOrDefault(name);

    public Bucket Add(Bucket bucket) => Buckets[bucket.Name] = bucket;
}
