using System.Collections.Concurrent;
using ByokOperator.Api;
using Kube.Core;

namespace ByokOperator.Cluster;

/// <summary>
/// What looks found in the clouds of earlier objects whose records are gone: of each object that nothing was made for
/// yet, looked for once in this process. Whoever makes something asks live all the same.
/// </summary>
internal sealed class EarlierFound
{
    private readonly ConcurrentDictionary<string, (string Uid, string? Origin)> found = new();

    private readonly ConcurrentDictionary<string, (string Uid, int Number, int? Other)> numbers = new();

    public bool IsLookedFor(EncryptedStore store) =>
        found.TryGetValue(Of(store), out var known) && known.Uid == store.Metadata.Uid;

    public bool IsLookedFor(TenantEncryptionKey key) =>
        found.TryGetValue(Of(key), out var known) && known.Uid == key.Metadata.Uid;

    /// <param name="origin">Null where nothing was found.</param>
    public void Note(EncryptedStore store, string? origin) => found[Of(store)] = (store.Metadata.Uid ?? "", origin);

    public void Note(TenantEncryptionKey key, string? origin) => found[Of(key)] = (key.Metadata.Uid ?? "", origin);

    /// <param name="number">Of the bucket that readers are on, of which no record speaks.</param>
    /// <param name="other">Of another one beside it; null where none stands.</param>
    public void Note(EncryptedStore store, int number, int? other) =>
        numbers[Of(store)] = (store.Metadata.Uid ?? "", number, other);

    /// <summary>Null where none was found.</summary>
    public (int Number, int? Other)? NumbersOf(EncryptedStore store) =>
        numbers.TryGetValue(Of(store), out var known) && known.Uid == store.Metadata.Uid ? (known.Number, known.Other)
            : null;

    public string? Find(EncryptedStore store) => IsLookedFor(store) ? found.GetValueOrDefault(Of(store)).Origin : null;

    public string? Find(TenantEncryptionKey key) => IsLookedFor(key) ? found.GetValueOrDefault(Of(key)).Origin : null;

    public void ForgetStore(ObjectKey store)
    {
        found.TryRemove($"store {store}", out _);
        numbers.TryRemove($"store {store}", out _);
    }

    public void ForgetKey(ObjectKey key) => found.TryRemove($"key {key}", out _);

    private static string Of(EncryptedStore store) => $"store {store.Metadata.Key}";

    private static string Of(TenantEncryptionKey key) => $"key {key.Metadata.Key}";
}
