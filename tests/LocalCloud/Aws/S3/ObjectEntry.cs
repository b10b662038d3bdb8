namespace LocalCloud.Aws.S3;

/// <summary>All versions of one key, newest first. The bucket's lock guards it.</summary>
internal sealed class ObjectEntry(string key, ObjectVersion first)
{
    private List<ObjectVersion>? older;

    public string Key { get; } = key;

    public ObjectVersion Latest { get; private set; } = first;

    public IEnumerable<ObjectVersion> Versions => older is null ? [Latest] : older.Prepend(Latest);

    public int Count => 1 + (older?.Count ?? 0);

    public ObjectVersion? Find(string id) => Latest.Id == id ? Latest : older?.Find(one => one.Id == id);

    /// <summary>A new version; one with the id "null" takes the place of the former "null".</summary>
    public void Push(ObjectVersion version)
    {
        if (version.Id == ObjectVersion.NullId && Latest.Id == ObjectVersion.NullId)
        {
            Latest = version;
            return;
        }

        older ??= [];
        older.Insert(0, Latest);
        Latest = version;
        if (version.Id == ObjectVersion.NullId)
        {
            older.RemoveAll(one => one.Id == ObjectVersion.NullId);
        }
    }

    /// <returns>false when this was the last version: the entry must go.</returns>
    public bool Remove(ObjectVersion version)
    {
        if (version != Latest)
        {
            older?.Remove(version);
            return true;
        }

        if (older is null or [])
        {
            return false;
        }

        Latest = older[0];
        older.RemoveAt(0);
        return true;
    }
}
