namespace ByokOperator.Api;

/// <summary>A store that uses a key, as its own status tells it.</summary>
public sealed record KeyUser
{
    /// <summary>The most that are listed; <see cref="TenantEncryptionKeyStatus.Stores"/> counts all.</summary>
    internal const int Most = 100;

    public string Store { get; init => field = value ?? ""; } = "";

    /// <summary>Null until it was first opened.</summary>
    public string? Availability { get; init; }

    /// <summary>Under this key, by the last census; null before the first.</summary>
    public long? Objects { get; init; }

    public long? Bytes { get; init; }

    /// <summary>When the report was written that the census is of.</summary>
    public DateTimeOffset? LastCensusTime { get; init; }

    /// <summary>Sorted by name.</summary>
    /// <param name="stores">All that use the key.</param>
    /// <param name="ids">Of the key, by region.</param>
    internal static IReadOnlyList<KeyUser> Of(IReadOnlyList<EncryptedStore> stores, IReadOnlyCollection<string> ids) =>
        [.. stores.OrderBy(store => store.Metadata.Name, StringComparer.Ordinal).Take(Most)
            .Select(store => Of(store, ids))];

    private static KeyUser Of(EncryptedStore store, IReadOnlyCollection<string> ids)
    {
        var under = store.Status?.Census?.Where(entry => ids.Contains(entry.Key)).ToList();
        return new KeyUser
        {
            Store = store.Metadata.Name,
            Availability = store.Status?.Availability,
            Objects = under?.Sum(entry => entry.Objects),
            Bytes = under?.Sum(entry => entry.Bytes),
            LastCensusTime = under is null ? null : store.Status?.LastReportTime,
        };
    }
}
