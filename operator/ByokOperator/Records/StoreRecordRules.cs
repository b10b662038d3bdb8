using System.Text;
using ByokOperator.Api;
using Kube.Core;

namespace ByokOperator.Records;

/// <summary>What a store's record may hold: sizes and formats of every field, by the rules of specs where there are
/// any. Pure; empty means valid.</summary>
internal static class StoreRecordRules
{
    /// <summary>What three bucket's policies may hold: a second closing adds to what was not put back yet.</summary>
    public const int MaxSetAside = 60 * 1024;

    /// <summary>Of what was not put back: enough to see what kind of thing it is.</summary>
    public const int MaxNotPutBack = 20;

    /// <summary>Keys besides the one of the default: a store whose old objects
    /// are kept gets one with each change.</summary>
    public const int MaxAlsoPinned = 8;

    /// <summary>A store that changed its key a thousand times would still have a bucket's name.</summary>
    public const int MaxNumber = 9_999;

    private const int MaxText = 2048;
    private const int MaxDigest = 256;
    private const int MaxGrants = 64;

    public static IEnumerable<string> Check(StoreRecord record)
    {
        if (!record.Owner.IsWellFormed || record.KeyUid.Length > MaxDigest
            || !RecordOwner.IsOrigin(record.Origin, record.Uid))
        {
            yield return "namespace, name or uid are none";
        }

        if (record.Place is not { } place)
        {
            yield return "it names no place";
            yield break;
        }

        foreach (var fault in CheckPlace(record, place).Concat(CheckKeys(record, place)).Concat(CheckKept(record)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> CheckPlace(StoreRecord record, StoredPlace place)
    {
        var spec = place.Restore(new EncryptedStoreSpec());
        if (StoreRules.Check(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = record.Name, Namespace = record.Namespace },
                Spec = spec,
            }) is [{ } wrong, ..])
        {
            yield return $"place: {wrong}";
        }
        else if (record.Target != StorePlace.Of(spec).NameFor(record.Tenant, record.Identity, record.Number))
        {
            yield return "target is not the name of its place";
        }
    }

    private static IEnumerable<string> CheckKeys(StoreRecord record, StoredPlace place)
    {
        if (record.Pin is { } pin && !IsPin(pin))
        {
            yield return "the pin names no key";
        }

        if (record.AlsoPinned.Count > MaxAlsoPinned || !record.AlsoPinned.All(IsPinned)
            || record.AlsoPinned.Select(key => key.Name).Append(place.KeyName).Distinct(StringComparer.Ordinal).Count()
                <= record.AlsoPinned.Count)
        {
            yield return "the further keys that are pinned are none, or one stands there twice";
        }

        if (record.MovedUnder is { } first && first.Length is 0 or > MaxText)
        {
            yield return "the key that the data was moved under is none";
        }
    }

    private static IEnumerable<string> CheckKept(StoreRecord record)
    {
        var isFirst = record is { Number: DerivedNames.First, Other: null };
        if (record.Number > MaxNumber || (!isFirst && !StorePlace.Of(record.Place!.Restore(new())).HasNext)
            || (record.Other is { } other && !IsOther(record, other)))
        {
            yield return "the store's other bucket is none";
        }

        if (record.Return is { } back && !IsReturn(back))
        {
            yield return "the return to the shared place is none";
        }

        if (record.SetAside is { } text && Encoding.UTF8.GetByteCount(text) > MaxSetAside)
        {
            yield return "what was set aside is longer than a policy can be";
        }

        if (record.NotPutBack.Count > MaxNotPutBack
            || record.NotPutBack.Any(lost => lost is not { Length: <= MaxText }))
        {
            yield return "what was not put back is not told in a few words";
        }

        if (record.Grants.Count > MaxGrants
            || record.Grants.Any(grants =>
                grants.Key.Length > MaxText || grants.Value is not { Count: <= MaxGrants }
                    || grants.Value.Any(id => id is not { Length: > 0 and <= MaxDigest })))
        {
            yield return "grants are none";
        }
    }

    private static bool IsOther(StoreRecord record, StoreBucket other) =>
        other is { Number: >= DerivedNames.First and <= MaxNumber, KeyId.Length: > 0 and <= MaxText }
            && other.Number != record.Number && ObjectNames.IsName(other.KeyName)
            && record.AlsoPinned.Any(key => key.Name == other.KeyName)
            && other.ServedAt is null == other.Receipt is null
            && (other.RetiredAt is null || other.ServedAt is not null)
            && other is not { Receipt.Length: 0 or > MaxDigest }
            && !(other.SetAside is { } aside && Encoding.UTF8.GetByteCount(aside) > MaxSetAside)
            && other.NotPutBack.Count <= MaxNotPutBack
            && other.NotPutBack.All(lost => lost is { Length: <= MaxText });

    private static bool IsReturn(StoreReturn back) =>
        back is { Consent.Length: > 0 and <= MaxDigest } and not { Hold.Length: 0 or > MaxDigest }
            and not { KeyId.Length: > MaxText } and not { Receipt.Length: 0 or > MaxDigest }
        && (back.Hold is null ? back is { Encryption: null, KeyId: null, ServedAt: null }
            : StoreReturn.Fault(back.Encryption, back.KeyId) is null)
        && back.ServedAt is null == back.Receipt is null && (back.RetiredAt is null || back.ServedAt is not null);

    private static bool IsPin(StoreRecordPin? pin) =>
        pin is { KeyId.Length: > 0 and <= MaxText, CanaryDigest.Length: <= MaxDigest }
            && !(pin.MaterialId?.Length > MaxDigest);

    private static bool IsPinned(StoreRecordKey key) =>
        key is { Name.Length: > 0 and <= FieldRules.MaxNameLength, Uid.Length: <= MaxDigest }
            && ObjectNames.IsName(key.Name) && IsPin(key.Pin) && PinStages.IsStage(key.Stage);
}
