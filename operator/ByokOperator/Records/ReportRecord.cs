using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace ByokOperator.Records;

/// <summary>
/// The last report of a store, so that the next one takes the place after it, and that report itself until it is known
/// to stand beside the store: a crash between the two writes shows it later, and leaves no number out.
/// No look needs it, and no watch shows it.
/// </summary>
internal sealed partial record ReportRecord : IRecord<ReportRecord>
{
    /// <summary>Characters of a report that waits; a record holds half a megabyte.</summary>
    public const int MaxPending = 200 * 1024;

    private const int MaxWord = 512;
    private const int MaxNotes = 16;
    private const int MaxNote = 4096;

    public static string Kind => "report";

    public static bool IsWatched => false;

    public static JsonTypeInfo<ReportRecord> Json => RecordJson.Default.ReportRecord;

    public string Namespace { get; init => field = value ?? ""; } = "";

    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Of the store's object.</summary>
    public string Uid { get; init => field = value ?? ""; } = "";

    /// <summary>Which chain; empty where none was begun.</summary>
    public string Chain { get; init => field = value ?? ""; } = "";

    /// <summary>What the last one was signed with.</summary>
    public string KeyId { get; init => field = value ?? ""; } = "";

    public long Sequence { get; init; }

    /// <summary>SHA-256 of the last one, hexadecimal.</summary>
    public string Digest { get; init => field = value ?? ""; } = "";

    /// <summary>The last one, until it stands beside the store.</summary>
    public ReportRecordPending? Pending { get; init; }

    [JsonIgnore]
    public RecordOwner Owner => new(Namespace, Name, Uid);

    public static ReportRecord New(RecordOwner owner) =>
        new() { Namespace = owner.Namespace, Name = owner.Name, Uid = owner.Uid };

    public IEnumerable<string> Faults()
    {
        if (!Owner.IsWellFormed)
        {
            yield return "namespace, name or uid are none";
        }

        if (Sequence < 0
            || (Sequence > 0 && !(Hex().IsMatch(Chain) && Hex().IsMatch(Digest) && KeyId.Length is > 0 and <= MaxWord)))
        {
            yield return "the last report is not named";
        }

        if (Pending is { } pending
            && !(pending.Text is { Length: > 0 and <= MaxPending }
                && pending.Signature is { Length: > 0 and <= MaxWord }
                && pending.Notes is { Count: <= MaxNotes }
                && pending.Notes.All(note => note.Value is { Length: <= MaxNote })))
        {
            yield return "the report that is to be shown is none";
        }
    }

    [GeneratedRegex(@"^[0-9a-f]{16,64}\z")]
    private static partial Regex Hex();
}

/// <summary>A report that was signed and is not known to stand.</summary>
/// <param name="Text">Packed.</param>
/// <param name="Notes">The annotations that it stands with.</param>
internal sealed record ReportRecordPending(string Text, string Signature, IReadOnlyDictionary<string, string> Notes);
