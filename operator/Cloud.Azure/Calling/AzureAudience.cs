namespace Cloud.Azure.Calling;

/// <summary>Which service a call's token is for.</summary>
internal enum AzureAudience
{
    ResourceManager,

    Vault,

    Storage,

    /// <summary>No token: the address carries a signature.</summary>
    None,
}
