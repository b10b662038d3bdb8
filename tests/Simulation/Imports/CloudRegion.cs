using ByokOperator.Keys;

namespace Simulation.Imports;

/// <summary>A region of the cloud, and what stands beside the canary about it.</summary>
internal sealed class CloudRegion(string name)
{
    private int made;

    public string Name { get; } = name;

    public bool IsUnreachable { get; set; }

    public List<CloudKey> Keys { get; } = [];

    public CloudKey? Named { get; private set; }

    public DateTimeOffset NameSeenAt { get; private set; }

    public DateTimeOffset? CreatingSince { get; set; }

    public StoredCanary? Canary { get; set; }

    public Dictionary<Clock, DateTimeOffset?> Clocks { get; } = new() { [Clock.Unknown] = null, [Clock.Revoked] = null };

    public CloudKey Make(DateTimeOffset listedAt)
    {
        var key = new CloudKey { Id = $"{Name}/{++made}", ListedAt = listedAt };
        Keys.Add(key);
        return key;
    }

    /// <summary>Of two keys one gets the name.</summary>
    public bool TryName(CloudKey key, DateTimeOffset seenAt)
    {
        (Named, NameSeenAt) = Named is null ? (key, seenAt) : (Named, NameSeenAt);
        return Named == key;
    }
}
