using LocalCloud.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>All there is under one name. The container's lock guards it.</summary>
internal sealed class BlobEntry(string name)
{
    public string Name { get; } = name;

    /// <summary>May be deleted and kept; then it isn't there to anybody who doesn't ask for deleted ones.</summary>
    public BlobState? Current { get; set; }

    /// <summary>Former versions, newest first.</summary>
    public List<BlobState> Versions { get; } = [];

    /// <summary>Oldest first.</summary>
    public List<BlobState> Snapshots { get; } = [];

    public Dictionary<string, Content>? Uncommitted { get; set; }

    /// <summary>Of the current one: it ends when that is deleted.</summary>
    public Lease Lease { get; private set; } = new();

    public BlobState? Live => Current is { Deleted: null } ? Current : null;

    public bool IsEmpty => Current is null && Versions.Count == 0 && Snapshots.Count == 0 && Uncommitted is null;

    public BlobState? Find(string? snapshot, string? version) =>
        snapshot is not null ? Snapshots.Find(one => one.Snapshot == snapshot && one.Deleted is null)
        : version is null ? Live
        : Live?.VersionId == version ? Live : Versions.Find(one => one.VersionId == version);

    /// <summary>Another content takes the place of the current one,
    /// which is kept as the account's settings want it.</summary>
    public void Replace(BlobState next, BlobSettings settings, DateTimeOffset now)
    {
        Retire(settings, now);
        Current = next with { VersionId = settings.Versioning ? StampClock.Text(next.Stamp) : null };
        Uncommitted = null;
    }

    /// <summary>The current one goes. Versions stay; without versions it is
    /// kept as deleted if the settings want it.</summary>
    public void Delete(BlobSettings settings, DateTimeOffset now)
    {
        Lease = new Lease();
        if (!settings.Versioning && settings.RetentionDays is not null && Current is { Deleted: null } live)
        {
            Current = live with { Deleted = now };
            return;
        }

        Retire(settings, now);
        Current = null;
    }

    public void Purge(DateTimeOffset before)
    {
        Current = Current?.Deleted <= before ? null : Current;
        Snapshots.RemoveAll(one => one.Deleted <= before);
        Versions.RemoveAll(one => one.Deleted <= before);
    }

    private void Retire(BlobSettings settings, DateTimeOffset now)
    {
        if (Current is not { } old)
        {
            return;
        }

        if (settings.Versioning && old.Deleted is null)
        {
            Versions.Insert(0, old.VersionId is null ? old with { VersionId = StampClock.Text(old.Stamp) } : old);
        }
        else if (settings.RetentionDays is not null)
        {
            Snapshots.Add(old with { Snapshot = StampClock.Text(old.Stamp), Deleted = old.Deleted ?? now });
        }
    }
}
