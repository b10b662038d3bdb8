namespace ByokOperator.Reports;

/// <summary>What was seen. A field that is absent could not be looked at,
/// and <see cref="EncryptionReport.Unseen"/> says why.</summary>
internal sealed record ObservedState
{
    /// <summary>Open; Closing while it should be shut and was not seen to be; Closed.</summary>
    public required string Availability { get; init; }

    /// <summary>Ours, Absent, Stranger, Unmarked or Forbidden.</summary>
    public string? Ownership { get; init; }

    /// <summary>What gave way to the last closing and was not put back; absent where nothing is missing.</summary>
    public IReadOnlyList<string>? NotPutBack { get; init; }

    /// <summary>The default key as the store tells it.</summary>
    public string? KeyId { get; init; }

    /// <summary>Owned aspects that differ from what they must be.</summary>
    public IReadOnlyList<string>? Drift { get; init; }

    /// <summary>Whether the store is shut.</summary>
    public bool? Denied { get; init; }

    /// <summary>Whether workloads can find the store.</summary>
    public bool? BindingStands { get; init; }

    /// <summary>Whether nothing is left under the shared prefix.</summary>
    public bool? SourceEmpty { get; init; }

    /// <summary>Whether writes under the shared prefix are refused.</summary>
    public bool? SourceFenced { get; init; }

    /// <summary>Uploads under the shared prefix that nobody completed; they are not copied.</summary>
    public int? UnfinishedUploads { get; init; }

    /// <summary>Further aspects in the store's own words.</summary>
    public IReadOnlyDictionary<string, string>? Aspects { get; init; }
}
