namespace Simulation.Real.Clouds;

/// <summary>All that stands in the clouds, the platform's and the tenants'.</summary>
internal sealed class Account
{
    public Account() => Imports = new PlatformKeys(Keys);

    public Dictionary<string, Bucket> Buckets { get; } = [];

    public Dictionary<string, CloudKey> Keys { get; } = [];

    /// <summary>Those of the platform's own.</summary>
    public PlatformKeys Imports { get; }

    /// <summary>Regions whose KMS says nothing of the platform's own keys.</summary>
    public HashSet<string> Silent { get; } = [];

    /// <summary>Numbers every ciphertext and every fence.</summary>
    public int Made { get; set; }

    public Bucket? Find(string name) => Buckets.GetValueOrDefault(name);

    public Bucket Add(Bucket bucket) => Buckets[bucket.Name] = bucket;
}
