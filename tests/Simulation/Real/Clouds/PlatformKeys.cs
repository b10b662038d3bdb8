using Cloud.Keys;

namespace Simulation.Real.Clouds;

/// <summary>The keys of the platform's own account, by whose they are and by their names.</summary>
internal sealed class PlatformKeys(Dictionary<string, CloudKey> all)
{
    private readonly Dictionary<(string Uid, string Region), CloudKey> names = [];
    private int made;

    /// <summary>Told of each import, before it takes effect.</summary>
    public Action<CloudKey, int>? Importing { get; set; }

    /// <summary>Told of each rotation, before it takes effect.</summary>
    public Action<CloudKey>? Rotating { get; set; }

    /// <summary>Told of each key that is to go, before it does.</summary>
    public Action<CloudKey>? Going { get; set; }

    /// <summary>The process ends right after the next call of this name took effect.</summary>
    public string? EndsAfter { get; set; }

    /// <summary>The process ends right before the next call of this name takes effect.</summary>
    public string? EndsBefore { get; set; }

    /// <summary>How long lists lack what is made now.</summary>
    public TimeSpan Lag { get; set; }

    public IEnumerable<CloudKey> All => all.Values.Where(key => key.Import is not null);

    /// <summary>Of a tenant's namespace, the one that bears its object's name now.</summary>
    public CloudKey? Of(string ns, string region) =>
        names.Values.LastOrDefault(key => key.Region == region && key.Import!.Owner.Namespace == ns);

    public CloudKey? Named(ImportPlace place) => names.GetValueOrDefault((place.Owner.Uid, place.Region));

    public bool IsNamed(CloudKey key) => names.ContainsValue(key);

    public CloudKey Make(ImportPlace place, DateTimeOffset now)
    {
        var number = ++made;
        var key =
            new CloudKey(place.Region, $"arn:aws:kms:{place.Region}:111111111111:key/{place.Owner.Namespace}-{number}")
            {
                TellsMaterial = true, Import = new Imported(place.Owner, number, now + Lag),
            };
        return all[key.Arn] = key;
    }

    /// <summary>Of two keys one gets the name.</summary>
    public CloudKey Name(ImportPlace place, CloudKey key) =>
        names.TryAdd((place.Owner.Uid, place.Region), key) ? key : names[(place.Owner.Uid, place.Region)];

    /// <summary>Material goes by itself when its time has come.</summary>
    public void Pass(DateTimeOffset now)
    {
        foreach (var key in All)
        {
            key.Import!.Pass(now);
        }
    }
}
