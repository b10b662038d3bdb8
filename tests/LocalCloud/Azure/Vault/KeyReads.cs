using System.Globalization;
using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Vault;

/// <summary>Get and the lists. A disabled key is still described.</summary>
internal sealed class KeyReads
{
    private const int MaxPage = 25;

    public Task GetKey(VaultCall call)
    {
        call.Demand(VaultAction.Get);
        return call.SendAsync(KeyDocuments.Bundle(call.Vault, call.Name, call.Key()));
    }

    public Task GetKeys(VaultCall call)
    {
        call.Demand(VaultAction.List);
        lock (call.Vault.Gate)
        {
            return PageAsync(call, "keys",
                [.. call.Vault.Keys.Values.OrderBy(key => key.Name, StringComparer.OrdinalIgnoreCase)
                    .Select(key => KeyDocuments.Item(call.Vault, key.Name, key.Latest, false))]);
        }
    }

    public Task GetKeyVersions(VaultCall call)
    {
        call.Demand(VaultAction.List);
        lock (call.Vault.Gate)
        {
            var versions = call.Vault.Keys.GetValueOrDefault(call.Name)?.Versions
                ?? throw VaultProblems.KeyNotFound(call.Name);
            return PageAsync(call, $"keys/{call.Name}/versions",
                [.. versions.Select(version => KeyDocuments.Item(call.Vault, call.Name, version, true))]);
        }
    }

    public Task GetDeletedKeys(VaultCall call)
    {
        call.Demand(VaultAction.List);
        lock (call.Vault.Gate)
        {
            call.Vault.PurgeDue(call.Now);
            return PageAsync(call, "deletedkeys",
                [.. call.Vault.DeletedKeys.Values.OrderBy(one => one.Key.Name, StringComparer.OrdinalIgnoreCase)
                    .Select(one =>
                    {
                        var item = KeyDocuments.Item(call.Vault, one.Key.Name, one.Key.Latest, false);
                        KeyDocuments.AddDeletion(item, call.Vault, one);
                        return item;
                    })]);
        }
    }

    private static Task PageAsync(VaultCall call, string path, IReadOnlyList<JsonObject> all)
    {
        var query = call.Azure.Query;
        var size = Number(query["maxresults"], MaxPage);
        var start = Number(query["$skiptoken"], 0);
        if (size is < 1 or > MaxPage || start < 0)
        {
            throw VaultProblems.BadParameter("Parameter maxresults is out of range");
        }

        var page = new JsonObject { ["value"] = new JsonArray([.. all.Skip(start).Take(size)]) };
        page["nextLink"] = start + size < all.Count
            ? new Uri(call.Vault.Uri,
                $"{path}?api-version={query["api-version"]}&$skiptoken={(start + size).ToString(CultureInfo.InvariantCulture)}&maxresults={size.ToString(CultureInfo.InvariantCulture)}").ToString()
            : null;
        return call.SendAsync(page);
    }

    private static int Number(string? text, int otherwise) =>
        text is null ? otherwise : int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
