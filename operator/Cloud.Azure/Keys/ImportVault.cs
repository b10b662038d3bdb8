using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using Cloud.Azure.Calling;
using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>The requests about keys in a vault of our own: made, switched, deleted, recovered. As ourselves,
/// in our own directory.</summary>
internal sealed class ImportVault(AzureCaller caller)
{
    /// <summary>Pages hold 25 versions; an imported key has one, and what a person added.</summary>
    private const int MostPages = 20;

    public TimeProvider Time => caller.Time;

    /// <summary>Oldest first: whoever made the first one made the key. Null where no key has that name.</summary>
    public async Task<IReadOnlyList<ImportedVersion>?> ListAsync(VaultKeyId id, CancellationToken cancellation)
    {
        var found = new List<ImportedVersion>();
        var page = AddressOf($"{id.Identity}/versions");
        for (var count = 0; count < MostPages; count++)
        {
            var reply = await caller.SendAsync(
                Call("vault:GetKeyVersions", RequestMethod.Get, page) with { Accepts = [404] }, cancellation);
            if (reply.Status == 404)
            {
                DemandOnlyKeyMissing(reply);
                return null;
            }

            var answer = Read(reply);
            found.AddRange(
                Readable(reply,
                    () =>
                        (answer["value"] as JsonArray ?? []).OfType<JsonObject>().Select(ImportedVersion.Read)
                            .ToList()));
            if ((string?)answer["nextLink"] is not { Length: > 0 } next)
            {
                return found.Count == 0 ? null
                    : [.. found.OrderBy(version => version.Created)
                        .ThenBy(version => version.Id.Version, StringComparer.Ordinal)];
            }

            page = Following(id, next);
        }

        throw new CloudException(
            new CloudProblem.Refused("TooManyVersions",
                "the key has more versions than anybody gave it for an import: choose another "
                    + "spec.imported.azure.keyName"), "vault:GetKeyVersions");
    }

    /// <summary>What holds the name although it was deleted; null where nothing does.</summary>
    public async Task<ImportedVersion?> FindDeletedAsync(VaultKeyId id, CancellationToken cancellation)
    {
        var reply = await caller.SendAsync(
            Call("vault:GetDeletedKey", RequestMethod.Get, Deleted(id, verb: "")) with { Accepts = [404] },
            cancellation);
        if (reply.Status != 404)
        {
            return Readable(reply, () => ImportedVersion.Read(Read(reply)));
        }

        DemandOnlyKeyMissing(reply);
        return null;
    }

    /// <summary>Makes a version. Tried once: a vault makes another one each time.</summary>
    public async Task<ImportedVersion> PutAsync(
        VaultKeyId id, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var reply = await caller.SendAsync(
            WithBody("vault:ImportKey", RequestMethod.Put, id.Identity, body) with
            {
                RetryPolicy = CallRetryPolicy.Once,
            },
            cancellation);
        return Readable(reply, () => ImportedVersion.Read(Read(reply)));
    }

    public async Task PatchAsync(
        ImportedVersion version, bool enabled, DateTimeOffset? expires, JsonObject tags, CancellationToken cancellation)
    {
        var attributes = new JsonObject { ["enabled"] = enabled };
        if (expires is { } end)
        {
            attributes["exp"] = end.ToUnixTimeSeconds();
        }

        var body = new JsonObject { ["attributes"] = attributes, ["tags"] = tags.DeepClone() };
        var reply = await caller.SendAsync(
            WithBody("vault:UpdateKey", RequestMethod.Patch, version.Id.ToString(),
                Encoding.UTF8.GetBytes(body.ToJsonString())), cancellation);
    }

    public async Task RecoverAsync(VaultKeyId id, CancellationToken cancellation)
    {
        var reply = await caller.SendAsync(
            Call("vault:RecoverDeletedKey", RequestMethod.Post,
                Deleted(id, "/recover")) with { Body = ReadOnlyMemory<byte>.Empty }, cancellation);
    }

    /// <summary>Can be taken back for as long as the vault keeps what is deleted.</summary>
    public async Task DeleteAsync(VaultKeyId id, CancellationToken cancellation)
    {
        var reply = await caller.SendAsync(
            Call("vault:DeleteKey", RequestMethod.Delete, AddressOf(id.Identity)) with { Accepts = [404] },
            cancellation);
    }

    /// <summary>Throws where more is missing than the key.</summary>
    private static void DemandOnlyKeyMissing(AzureReply reply)
    {
        if (AzureRefusal.Parse(reply.Body.ToMemory()) is var (code, message) && code != "KeyNotFound")
        {
            throw new CloudException(AzureProblems.From(404, code, message), reply.Evidence.Operation,
                reply.Evidence.RequestId);
        }
    }

    /// <summary>Only ever the same vault, for our token goes along.</summary>
    private static Uri Following(VaultKeyId id, string next) =>
        Uri.TryCreate(next, UriKind.Absolute, out var uri) && uri.Scheme == id.Vault.Scheme && uri.Host == id.Vault.Host
            ? uri
            : throw new CloudException(
                new CloudProblem.Unreachable("PageElsewhere",
                    "a list is said to go on at another address than the vault's"), "vault:GetKeyVersions");

    private static AzureCall WithBody(
        string operation, RequestMethod method, string address, ReadOnlyMemory<byte> body) =>
        Call(operation, method, AddressOf(address)) with
        {
            Body = body,
            Headers = [("Content-Type", "application/json")],
        };

    private static AzureCall Call(string operation, RequestMethod method, Uri address) =>
        new(operation, method, address, AzureAudience.Vault);

    private static Uri Deleted(VaultKeyId id, string verb) => AddressOf($"{id.Vault}deletedkeys/{id.Name}{verb}");

    private static Uri AddressOf(string path) => new($"{path}?api-version={AzureVersions.Vault}");

    private static JsonObject Read(AzureReply reply) =>
        Readable(reply, () => StrictJson.Parse(reply.Body.ToMemory())?.AsObject() ?? []);

    private static T Readable<T>(AzureReply reply, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or InvalidOperationException)
        {
            throw new CloudException(new CloudProblem.Unreachable("Unreadable", "the vault's answer could not be read"),
                reply.Evidence.Operation, reply.Evidence.RequestId, unreadable);
        }
    }
}
