using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>A store's account and container, and the addresses in it. Pure.</summary>
internal sealed record BlobPlace(string Account, string Container, Uri Endpoint)
{
    public static BlobPlace Of(StoreRef store, AzureEnvironment environment) =>
        store.Name.Split('/') is [{ Length: > 0 } account, { Length: > 0 } container]
            ? new BlobPlace(account, container, environment.BlobEndpoint(account))
            : throw new CloudException(new CloudProblem.Refused("StoreNameInvalid", $"'{store.Name}' is not ACCOUNT/CONTAINER"), "blob:Address");

    /// <summary>The container, with a query that begins after its question mark.</summary>
    public Uri Listing(string query) => Exactly($"{Endpoint}{Container}?restype=container&{query}");

    /// <param name="name">The blob's own name, unescaped.</param>
    /// <param name="moment">Which of its states; <see cref="BlobMoment.Live"/> for the one that is read without saying.</param>
    /// <param name="comp">The sub-resource, or null.</param>
    public Uri Blob(string name, BlobMoment moment, string? comp = null)
    {
        Demand(name);
        var parts = new[] { comp is null ? null : $"comp={comp}", moment.Query }.OfType<string>();
        var query = string.Join('&', parts);
        return Exactly($"{Endpoint}{Container}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}{(query.Length > 0 ? "?" : "")}{query}");
    }

    /// <summary>Addresses with such steps are shortened on their way, by whoever thinks he may: they would name another blob.</summary>
    private static void Demand(string name)
    {
        if (name.Split('/').Any(step => step is "." or ".."))
        {
            throw new CloudException(new CloudProblem.Refused("NameNotAddressable", $"the blob '{name}' has a step of dots in its name; rename it"), "blob:Address");
        }
    }

    /// <summary>As written: the class would otherwise unescape and shorten.</summary>
    private static Uri Exactly(string text) => new(text, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
