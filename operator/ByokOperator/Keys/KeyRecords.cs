using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Hosting;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Keys;

/// <summary>Edits the key's canary ConfigMap, one entry at a time, on a live look and bound to it.</summary>
internal sealed class KeyRecords(Surroundings around)
{
    /// <summary>Live, for acts; reconciles read the watch.</summary>
    public Task<ConfigMap?> ReadAsync(TenantEncryptionKey key, CancellationToken cancellation) =>
        around.Kube.Api<ConfigMap>().TryGetAsync(AddressOf(key), cancellation);

    /// <summary>Puts an entry where none is. An entry that is there stays: the first word is the one that counts.</summary>
    public async Task AddAsync(TenantEncryptionKey key, string entry, string value, CancellationToken cancellation)
    {
        var api = around.Kube.Api<ConfigMap>();
        var live = await api.TryGetAsync(AddressOf(key), cancellation);
        if (live?.Data?.ContainsKey(entry) == true)
        {
            around.Writes.Wrote(live);
            return;
        }

        if (live is null)
        {
            around.Writes.Wrote(await api.CreateAsync(Build(key, entry, value), cancellation, Children.FieldManager));
            return;
        }

        var patch = Bound(live);
        patch = live.Data is null
            ? patch.Add("/data", new JsonObject { [entry] = value })
            : patch.Add($"/data/{JsonPatch.Escape(entry)}", value);
        around.Writes.Wrote(await api.PatchJsonAsync(AddressOf(key), patch, cancellation));
    }

    /// <summary>Takes an entry away if it still says this.</summary>
    public async Task RemoveAsync(TenantEncryptionKey key, string entry, string value, CancellationToken cancellation)
    {
        var api = around.Kube.Api<ConfigMap>();
        var live = await api.TryGetAsync(AddressOf(key), cancellation);
        if (live?.Data?.GetValueOrDefault(entry) != value)
        {
            return;
        }

        around.Writes.Wrote(await api.PatchJsonAsync(AddressOf(key), Bound(live).Remove($"/data/{JsonPatch.Escape(entry)}"), cancellation));
    }

    /// <summary>Puts another value in an entry's place if it still says this.</summary>
    public async Task ReplaceAsync(TenantEncryptionKey key, string entry, string from, string to, CancellationToken cancellation)
    {
        var api = around.Kube.Api<ConfigMap>();
        var live = await api.TryGetAsync(AddressOf(key), cancellation);
        if (live?.Data?.GetValueOrDefault(entry) != from)
        {
            return;
        }

        around.Writes.Wrote(await api.PatchJsonAsync(AddressOf(key), Bound(live).Replace($"/data/{JsonPatch.Escape(entry)}", to), cancellation));
    }

    public static ObjectKey AddressOf(TenantEncryptionKey key) => new(key.Metadata.Namespace ?? "", CanaryMap.NameFor(key.Metadata.Name));

    private static JsonPatch Bound(ConfigMap live) => JsonPatch.Empty
        .Test("/metadata/uid", live.Metadata.Uid)
        .Test("/metadata/resourceVersion", live.Metadata.ResourceVersion);

    private static ConfigMap Build(TenantEncryptionKey key, string entry, string value) => new()
    {
        Metadata = Children.Meta(key, CanaryMap.NameFor(key.Metadata.Name), CanaryMap.ChildKind),
        Data = new Dictionary<string, string> { [entry] = value },
    };
}
