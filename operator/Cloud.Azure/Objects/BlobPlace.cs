using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>A store's account and container, and the addresses in it. Pure.</summary>
internal sealed record BlobPlace(string Account, string Container, Uri Endpoint)
{
    public static BlobPlace Of(StoreRef store, AzureEnvironment environment) =>
        store.Name.Split('/') is [{ Length: > 0 } account, { Length: > 0 } container]
            ? new BlobPlace(account, container, environment.BlobEndpoint(account))
            : throw new CloudException(
                new CloudProblem.Refused("StoreNameInvalid", $"'{store.Name}' is not ACCOUNT/CONTAINER"),
                "blob:Address");

    /// <summary>Of the container itself.</summary>
    public Uri Address => Exactly($"{Endpoint}{Container}");

    /// <param name="name">The blob's own name, unescaped.</param>
    /// <param name="moment">Which of its states; <see cref="BlobMoment.Live"/>
    /// for the one that is read without saying.</param>
    public Uri Blob(string name, BlobMoment moment)
    {
        Demand(name);
        if (moment.Stamp is "")
        {
            throw new CloudException(
                new CloudProblem.Refused("NameNotAddressable", $"a version of the blob '{name}' has no id"),
                "blob:Address");
        }

        var query = moment.Query is { } asked ? $"?{asked}" : "";
        return Exactly(
            $"{Endpoint}{Container}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}{query}");
    }

    /// <summary>Addresses with such steps are shortened on their way, by whoever thinks he may: they would name another
    /// blob. Without a name they are the container's.</summary>
    public static void Demand(string name)
    {
        if (name.Length == 0)
        {
            throw new CloudException(new CloudProblem.Refused("NameNotAddressable", "a blob has a name"),
                "blob:Address");
        }

        if (name.Split('/').Any(step => step is "." or ".."))
        {
            throw new CloudException(
                new CloudProblem.Refused("NameNotAddressable",
                    $"the blob '{name}' has a step of dots in its name; rename it"), "blob:Address");
        }
    }

    /// <summary>As written: the class would otherwise unescape and shorten.</summary>
    private static Uri Exactly(string text) =>
        new(text, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
