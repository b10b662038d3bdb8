using System.Collections.Concurrent;

namespace LocalCloud.Azure.Storage;

/// <summary>All storage accounts: one name space for everybody.</summary>
internal sealed class StorageBook
{
    private readonly ConcurrentDictionary<string, StorageAccount> accounts = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<StorageAccount> All => accounts.Values.OrderBy(one => one.Name, StringComparer.Ordinal);

    public StorageAccount? Find(string name) => accounts.GetValueOrDefault(name);

    public bool TryAdd(StorageAccount account) => accounts.TryAdd(account.Name, account);

    public bool Remove(StorageAccount account) => accounts.TryRemove(new(account.Name, account));
}
