using ByokOperator.Api;
using ByokOperator.Reconciling;
using Cloud;
using Cloud.Stores;

namespace ByokOperator.Reports;

/// <summary>Everything a report is made from; observers fill it, and what they could not see stays blind.</summary>
internal sealed record ReportInput
{
    public required EncryptedStore Store { get; init; }

    /// <summary>Which of the store's reports it becomes.</summary>
    public required ReportLink Link { get; init; }

    public required ReportedKey Key { get; init; }

    public required ExpectedState Expected { get; init; }

    /// <summary>Open, Closing or Closed.</summary>
    public required string Availability { get; init; }

    public required Fact<StoreDescription> Target { get; init; }

    /// <summary>Seen as null where the spec names no shared place.</summary>
    public required Fact<SharedDescription?> Source { get; init; }

    public required Fact<IReadOnlyList<CensusEntry>> Census { get; init; }

    /// <summary>Versions that the census says nothing of: there were more than one census asks about.</summary>
    public long NotAsked { get; init; }

    public required Fact<bool> BindingStands { get; init; }

    /// <summary>Seen as null where none stands.</summary>
    public required Fact<ReportedReceipt?> Receipt { get; init; }

    /// <summary>What a closing set aside and the cloud took no more on opening, with its code.</summary>
    public IReadOnlyList<string> NotPutBack { get; init; } = [];

    /// <summary>Beside the evidence that the descriptions carry: the key's proof, copies.</summary>
    public required IReadOnlyList<CallRecord> Evidence { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required string OperatorVersion { get; init; }
}
