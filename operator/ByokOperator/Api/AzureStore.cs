namespace ByokOperator.Api;

/// <summary>A storage account of the operator's making, for this store alone. Nothing of it may be changed:
/// the data stands there.</summary>
public sealed record AzureStore
{
    public string SubscriptionId { get; init => field = value ?? ""; } = "";

    /// <summary>Stands already; the account is made in it.</summary>
    public string ResourceGroup { get; init => field = value ?? ""; } = "";

    public string Location { get; init => field = value ?? ""; } = "";

    /// <summary>Unique in the whole cloud. Left out: a name derived from the store's UID.</summary>
    public string? AccountName { get; init; }

    public string Container { get; init => field = value ?? "data"; } = "data";
}
