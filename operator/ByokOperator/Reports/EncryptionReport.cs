using ByokOperator.Api;
using Cloud;

namespace ByokOperator.Reports;

/// <summary>Report v1: what is expected of one store, what was seen, on what evidence, and where the two differ.
/// docs/report-v1.schema.json describes it.</summary>
internal sealed record EncryptionReport
{
    public const string CurrentVersion = "v1";

    public string ReportVersion { get; init; } = CurrentVersion;

    public required DateTimeOffset GeneratedAt { get; init; }

    public required string OperatorVersion { get; init; }

    /// <summary>Which of the store's reports it is.</summary>
    public required ReportLink Chain { get; init; }

    public required ReportedStore Store { get; init; }

    public required ReportedKey Key { get; init; }

    public required ExpectedState Expected { get; init; }

    public required ObservedState Observed { get; init; }

    /// <summary>How much stands under which key, all versions counted; largest first.</summary>
    public required IReadOnlyList<CensusEntry> Census { get; init; }

    /// <summary>The receipt of the migration; absent before it is written and where nothing was to move.</summary>
    public ReportedReceipt? Receipt { get; init; }

    /// <summary>Empty when the store is as it should be, as far as could be seen.</summary>
    public required IReadOnlyList<Deviation> Deviations { get; init; }

    /// <summary>What could not be looked at, so that no deviation is not read as proof.</summary>
    public required IReadOnlyList<UnseenAspect> Unseen { get; init; }

    /// <summary>The calls that the observation rests on, newest last.</summary>
    public required IReadOnlyList<CallRecord> Evidence { get; init; }

    /// <summary>What did not fit into a ConfigMap.</summary>
    public required OmittedEntries Omitted { get; init; }
}

/// <summary>How many entries were left out to fit. Deviations are kept longest.</summary>
internal sealed record OmittedEntries(int Evidence, int Census, int Deviations);

/// <summary>The receipt that stands beside the data.</summary>
/// <param name="Digest">SHA-256 of the receipt as it lies in the store, hexadecimal.</param>
internal sealed record ReportedReceipt(string Digest, DateTimeOffset WrittenAt, long Objects, long Bytes)
{
    /// <summary>How many versions had what their copies have not, by what it is; null where none had.</summary>
    public IReadOnlyDictionary<string, long>? NotCarried { get; init; }
}

/// <summary>Which object the report is about.</summary>
internal sealed record ReportedStore(string Namespace, string Name, string Uid, long Generation);

/// <summary>Something that could not be looked at, and why.</summary>
internal sealed record UnseenAspect(string Field, string Reason);
