using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Records;

/// <summary>
/// How a record is written down: a ConfigMap <c>&lt;kind&gt;.&lt;namespace&gt;.&lt;name&gt;.&lt;uid&gt;</c> in the
/// operator's own namespace, its text in <c>data.record</c>, a MAC over its name and its text in <c>data.mac</c>. No
/// owner: it outlives what it is about. Nothing in it is secret.
/// </summary>
internal static class RecordCodec
{
    public const string Label = "byok.dev/record";

    /// <summary>Selects what looks read.</summary>
    public static string Watched => $"{Label},{Label}!={ReportRecord.Kind}";

    public const string TextEntry = "record";
    public const string MacEntry = "mac";

    /// <summary>Sixteen regions with two ciphertexts each take half of it; a ConfigMap holds twice as much.</summary>
    public const int MaxText = 512 * 1024;

    /// <summary>Longer names are cut and made unique by a digest:
    /// a ConfigMap's name has 253 characters for all parts.</summary>
    private const int LongestName = 128;

    private const int DigestDigits = 16;

    private const string OurLabels = "byok.dev/";

    public static string NameOf<T>(RecordOwner owner)
        where T : class, IRecord<T> => $"{T.Kind}.{owner.Namespace}.{Short(owner.Name)}.{owner.Uid}";

    /// <summary>Who a record of this name is about, whatever it says; null where it is no record's name.
    /// A cut name finds nobody.</summary>
    public static RecordOwner? OwnerIn<T>(string name)
        where T : class, IRecord<T>
    {
        var parts = name.Split('.');
        return parts.Length >= 4 && parts[0] == T.Kind
            ? new RecordOwner(parts[1], string.Join('.', parts[2..^1]), parts[^1]) : null;
    }

    /// <summary>Never throws.</summary>
    public static Recorded<T> Read<T>(ConfigMap? map, RecordMacKey macKey)
        where T : class, IRecord<T>
    {
        if (map is null)
        {
            return new Recorded<T>.Absent();
        }

        var name = map.Metadata.Name;
        var reading = RecordMemo<T>.Of(map, Parse<T>);
        return reading.Record is not { } record
            ? new Recorded<T>.Unreadable(reading.Fault,
                $"restore the ConfigMap {name} from a backup, or delete it to have it made anew")
            : reading.Fits(macKey) ? new Recorded<T>.Authentic(record)
            : new Recorded<T>.NotAuthentic(record, macKey.Fix
                ?? $"the record {name} was not signed by this installation: restore the ConfigMap from a backup, or "
                    + "delete it to have it made anew");
    }

    /// <summary>Whoever wrote it; null where it is no valid record of this kind. For indexes, which are kept before
    /// anything can be checked. Never throws.</summary>
    public static T? Peek<T>(ConfigMap map)
        where T : class, IRecord<T> => RecordMemo<T>.Of(map, Parse<T>).Record;

    public static string TextOf<T>(T record)
        where T : class, IRecord<T> => JsonSerializer.Serialize(record, T.Json);

    public static ConfigMap Build<T>(T record, string ns, RecordMacKey macKey)
        where T : class, IRecord<T>
    {
        var (name, text) = (NameOf<T>(record.Owner), TextOf(record));
        return new ConfigMap
        {
            Metadata = new ObjectMeta
            {
                Name = name,
                Namespace = ns,
                Labels = LabelsOf(record),
            },
            Data = new Dictionary<string, string> { [TextEntry] = text, [MacEntry] = macKey.Sign(name, text) },
        };
    }

    /// <summary>Puts the whole record in the place of the one that was read, if that still stands.</summary>
    public static JsonPatch Replace<T>(ConfigMap live, T record, RecordMacKey macKey)
        where T : class, IRecord<T>
    {
        var (name, text) = (live.Metadata.Name, TextOf(record));
        return JsonPatch.Empty
            .Test("/metadata/uid", live.Metadata.Uid)
            .Test("/metadata/resourceVersion", live.Metadata.ResourceVersion)
            .Add("/metadata/labels", LabelsOver(live.Metadata.Labels, LabelsOf(record)))
            .Add("/data", new JsonObject { [TextEntry] = text, [MacEntry] = macKey.Sign(name, text) });
    }

    private static Dictionary<string, string> LabelsOf<T>(T record)
        where T : class, IRecord<T> =>
            new(record.Labels) { [Labels.ManagedBy] = Labels.ManagedByValue, [Label] = T.Kind };

    /// <summary>Ours say what the record says, no more; others' stay. A live look finds records by them, so they change
    /// with the text or not at all.</summary>
    private static JsonObject LabelsOver(IReadOnlyDictionary<string, string>? standing, Dictionary<string, string> ours)
    {
        var others = (standing ?? new Dictionary<string, string>())
            .Where(label => !label.Key.StartsWith(OurLabels, StringComparison.Ordinal) && !ours.ContainsKey(label.Key));
        return new JsonObject(others.Concat(ours)
            .Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value)));
    }

    // Whatever is thrown by what somebody wrote there is the same as any other nonsense.
    private static RecordMemo<T>.Reading Parse<T>(ConfigMap map)
        where T : class, IRecord<T>
    {
        try
        {
            if (map.Data?.GetValueOrDefault(TextEntry) is not { } text || text.Length > MaxText)
            {
                return new(map, null, $"data.{TextEntry} is missing or too long");
            }

            var record = JsonSerializer.Deserialize(text, T.Json);
            return record is null ? new(map, null, "it is empty")
                : NameOf<T>(record.Owner) != map.Metadata.Name ? new(map, null, "it speaks of another object")
                : record.Faults().FirstOrDefault() is { } fault ? new(map, null, fault)
                : new(map, record, "");
        }
        catch (Exception broken)
        {
            return new(map, null, $"it is no record ({broken.GetType().Name})");
        }
    }

    private static string Short(string name) => name.Length <= LongestName
        ? name
        : $"{name[..(LongestName - DigestDigits - 1)]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..DigestDigits]}";
}
