using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;

namespace ByokOperator.Places;

/// <summary>What a change of key makes of the record's list of keys, one stage after the other. Each throws a
/// <see cref="RefusedActException"/> where the list is not the one that the step was decided on.</summary>
internal static class PinnedKeyEdits
{
    public static StoreRecord Joined(StoreRecord record, StoreRecordKey entry) =>
        record.AlsoPinned.Any(key => key.Name == entry.Name) ? record
        : record.AlsoPinned.Any(key => key.Stage != PinStages.Refused)
            ? throw new RefusedActException("ChangeUnderWay", "another change of key is under way")
        : record.AlsoPinned.Any(key => key.Pin.KeyId == entry.Pin.KeyId)
            || record.Pin?.KeyId == entry.Pin.KeyId
                ? throw new RefusedActException("SameKey", "the store stands under this very key already")
        : record with { AlsoPinned = [.. record.AlsoPinned, entry] };

    public static StoreRecord Redirected(
        StoreRecord record, KeyChangeAct.Redirect redirect, ProvedKey proved, string oldId)
    {
        if (record.Place is not { } place || place.KeyName != redirect.From || record.Pin is not { } old)
        {
            throw new RefusedActException("SpecChanged",
                "the store's default is not on the key that this was decided on");
        }

        var incoming =
            record.AlsoPinned.FirstOrDefault(key => key.Name == redirect.Name && key.Stage == PinStages.Admitted)
                ?? throw new RefusedActException("NotAdmitted", "the key was not admitted, or was given up");
        return record with
        {
            Place = place with { KeyName = incoming.Name },
            KeyUid = proved.Object.Metadata.Uid ?? incoming.Uid,
            Pin = incoming.Pin,
            MovedUnder = record.MovedUnder ?? oldId,
            AlsoPinned = [.. record.AlsoPinned.Where(key => key.Name != incoming.Name),
                new StoreRecordKey(redirect.From, record.KeyUid, old) { Stage = PinStages.Leaving }],
        };
    }

    /// <summary>Only held on to, but for what a move between two buckets goes by.</summary>
    public static StoreRecordKey TakenBack(StoreRecord? earlier, string name, (string Uid, KeyPin Pin) key) =>
        new StoreRecordKey(name, key.Uid, StoreRecords.Recorded(key.Pin)!) is var bare
            && earlier is { Other: not null }
            && earlier.AlsoPinned.FirstOrDefault(known => known.Name == name) is { } known
            ? bare with { Stage = known.Stage, Since = known.Since } : bare;

    public static StoreRecord Left(StoreRecord record, string name, string stage)
    {
        var left = record.AlsoPinned.FirstOrDefault(key => key.Name == name);
        return left is null ? record
            : left.Stage != stage || record.Other?.KeyName == name ? throw Elsewhere(left) : record with
        {
            AlsoPinned = [.. record.AlsoPinned.Where(key => key.Name != name)],
            Grants = record.Grants.Where(grants => grants.Key != left.Pin.KeyId).ToDictionary(),
        };
    }

    public static StoreRecord Staged(StoreRecord record, string name, Func<StoreRecordKey, StoreRecordKey> edit) =>
        record.AlsoPinned.Any(key => key.Name == name)
            ? record with { AlsoPinned = [.. record.AlsoPinned.Select(key => key.Name == name ? edit(key) : key)] }
            : throw new RefusedActException("KeyNotPinned", $"the key {name} is not on the store's list");

    public static RefusedActException Elsewhere(StoreRecordKey key) =>
        new("StageChanged", $"the key {key.Name} is {key.Stage} by now");
}
