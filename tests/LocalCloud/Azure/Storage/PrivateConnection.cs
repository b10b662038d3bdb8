namespace LocalCloud.Azure.Storage;

/// <summary>
/// A private endpoint's connection to an account. While it is approved its clients get in whatever the account's public
/// network says (https://learn.microsoft.com/azure/storage/common/storage-private-endpoints); rejected,
/// nobody does by it.
/// </summary>
internal sealed record PrivateConnection(string Name, string Status, string Description)
{
    /// <summary>By which a request says that it comes through this connection.</summary>
    public const string Header = "x-localcloud-private-endpoint";

    public bool IsApproved => Status == "Approved";
}
