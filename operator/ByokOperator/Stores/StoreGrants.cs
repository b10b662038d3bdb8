using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Stores;

/// <summary>
/// On which keys grants of ours may stand for a store: its key as it is known now, and every key that our record says we made one on. The
/// record outlives the key's object.
/// </summary>
internal static class StoreGrants
{
    /// <param name="key">As the cluster knows it; its id is empty where nothing tells it.</param>
    /// <param name="record">Only one of our own counts: whoever else wrote it could have others' grants taken.</param>
    /// <returns>Each key once, with the grants that are known by id.</returns>
    public static IReadOnlyList<(KeyRef Key, IReadOnlyList<string> Known)> Of(KeyRef key, Recorded<StoreRecord> record)
    {
        var recorded = record.Trusted?.Grants ?? new Dictionary<string, IReadOnlyList<string>>();
        var keys = new List<(KeyRef, IReadOnlyList<string>)>();
        if (key is { IsOurs: true, Id.Length: > 0 })
        {
            keys.Add((key, recorded.GetValueOrDefault(key.Identity) ?? []));
        }

        foreach (var (id, known) in recorded)
        {
            if (id != key.Identity && id.Split(':') is ["arn", _, "kms", { Length: > 0 } region, _, _])
            {
                keys.Add((new KeyRef(region, id) { IsOurs = true }, known));
            }
        }

        return keys;
    }
}
