namespace Simulation;

/// <summary>A version of a key; a negative id is a delete marker.</summary>
internal readonly record struct Version(int Key, int Id);

/// <summary>What stands under one prefix of one bucket, in the order it was written.</summary>
internal sealed class Place
{
    public List<Version> Versions { get; } = new(16);

    public bool IsEmpty => Versions.Count == 0;

    public void Write(Version version, bool isVersioned)
    {
        if (!isVersioned)
        {
            Versions.RemoveAll(one => one.Key == version.Key);
            if (version.Id < 0)
            {
                return;
            }
        }

        Versions.Add(version);
    }

    /// <summary>Every key has the same versions in the same order; between keys there is none.</summary>
    public bool SaysTheSameAs(Place other)
    {
        if (Versions.Count != other.Versions.Count)
        {
            return false;
        }

        for (var key = 0; key < Truth.Keys; key++)
        {
            var (mine, theirs) = (-1, -1);
            do
            {
                mine = Next(Versions, key, mine);
                theirs = Next(other.Versions, key, theirs);
                if ((mine < 0) != (theirs < 0) || (mine >= 0 && Versions[mine].Id != other.Versions[theirs].Id))
                {
                    return false;
                }
            }
            while (mine >= 0);
        }

        return true;
    }

    private static int Next(List<Version> versions, int key, int after)
    {
        for (var index = after + 1; index < versions.Count; index++)
        {
            if (versions[index].Key == key)
            {
                return index;
            }
        }

        return -1;
    }
}
