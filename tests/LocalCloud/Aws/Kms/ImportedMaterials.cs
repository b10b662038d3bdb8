namespace LocalCloud.Aws.Kms;

/// <summary>All materials that an EXTERNAL key was ever given, oldest first. Changed under the key's gate,
/// read without it.</summary>
internal sealed class ImportedMaterials
{
    private volatile ImportedMaterial[] all = [];
    private int turns;

    public IReadOnlyList<ImportedMaterial> All => all;

    public ImportedMaterial? Current => all.LastOrDefault(one => !one.IsPendingRotation);

    public ImportedMaterial? PendingRotation => all.FirstOrDefault(one => one.IsPendingRotation);

    /// <summary>Every material that belongs to the key is there: one that isn't makes the whole key unusable.</summary>
    public bool IsComplete => Current is not null && all.All(one => one.IsPendingRotation || one.Held is not null);

    /// <summary>The earliest of all, as DescribeKey tells it.</summary>
    public DateTimeOffset? Expires => all.Where(one => one.Held is not null).Min(one => one.Expires);

    public IEnumerable<KeyMaterial> Usable =>
        all.Where(one => !one.IsPendingRotation && one.Held is not null).Select(one => one.Held!);

    public ImportedMaterial? Find(string id) => all.FirstOrDefault(one => one.Id == id);

    public void Put(ImportedMaterial material) =>
        all = Find(material.Id) is null ? [.. all, material]
            : [.. all.Select(one => one.Id == material.Id ? material : one)];

    /// <summary>The bits go; what never belonged to the key goes altogether.</summary>
    public void Forget(string id) => all =
    [
        .. all.Where(one => one.Id != id || !one.IsPendingRotation)
            .Select(one => one.Id == id ? one with { Held = null, Expires = null } : one),
    ];

    public int NextTurn() => Interlocked.Increment(ref turns);

    public bool Expire(DateTimeOffset now)
    {
        var over = all.Where(one => one.Held is not null && one.Expires <= now).Select(one => one.Id).ToList();
        over.ForEach(Forget);
        return over.Count > 0;
    }
}
