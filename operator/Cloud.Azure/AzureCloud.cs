using Cloud.Azure.Calling;
using Cloud.Azure.Keys;
using Cloud.Azure.Objects;
using Cloud.Azure.Stores;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Microsoft.Extensions.Logging;

namespace Cloud.Azure;

/// <summary>Azure behind the ports. One per process and identity: its limiters count on being alone.</summary>
public sealed class AzureCloud : IDisposable
{
    private AzureCloud(AzureOptions options, TimeProvider time, ILoggerFactory logging, Action? leave)
    {
        Caller = new AzureCaller(options, time, logging.CreateLogger<AzureCaller>(), leave);
        var vault = new VaultCalls(Caller);
        Keys = new KeyVaultTenantKeys(vault, new VaultProbe(vault, new RoleProbe(vault)));
        ImportedKeys = new VaultImportedKeys(Caller);
        Policies = new AzureKeyPolicies(options);
        var blobs = new BlobSite(Caller);
        Stores = new AzureObjectStores(Caller, blobs);
        Objects = new BlobObjectData(Caller, blobs);
    }

    public ITenantKeys Keys { get; }

    public IImportedKeys ImportedKeys { get; }

    public IKeyPolicies Policies { get; }

    public IObjectStores Stores { get; }

    public IObjectData Objects { get; }

    public IObjectEncryption ObjectEncryption { get; } = new AccountWideEncryption();

    internal AzureCaller Caller { get; }

    /// <summary>Makes no call. Tokens are asked for when they are first needed.</summary>
    /// <param name="options">Who we are and which Azure it is.</param>
    /// <param name="time">For bounds and pauses.</param>
    /// <param name="logging">Where failures are told.</param>
    /// <param name="leave">
    /// Asked right before each attempt of each call that changes something: what it throws reaches the caller as it is.
    /// Asked once more whenever bytes of any call are about to go out, as late as can be. Null: always.
    /// </param>
    public static AzureCloud Create(
        AzureOptions options, TimeProvider time, ILoggerFactory logging, Action? leave = null) =>
            new(options, time, logging, leave);

    public void Dispose() => Caller.Dispose();
}
