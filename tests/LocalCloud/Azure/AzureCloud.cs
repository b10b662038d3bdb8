using LocalCloud.Admin;
using LocalCloud.Azure.Arm;
using LocalCloud.Azure.Blob;
using LocalCloud.Azure.Entra;
using LocalCloud.Azure.Roles;
using LocalCloud.Azure.Storage;
using LocalCloud.Azure.Vault;
using LocalCloud.Faults;
using LocalCloud.Storage;

namespace LocalCloud.Azure;

/// <summary>All of the Azure side, wired. Clock, call log, faults and disk are the whole cloud's.</summary>
internal sealed class AzureCloud
{
    public AzureCloud(
        LocalCloudOptions options, ShiftedClock clock, CallLog log, FaultBook faults, SegmentStore segments)
    {
        Options = options;
        Clock = clock;
        Log = log;
        Faults = faults;
        Segments = segments;
        Roles = new RoleBook(clock, Switches, Changes);
        Mint = new TokenMint(clock, Switches);
        Stamps = new StampClock(clock);
        Budget = new ArmBudget(clock);
        KeyLink = new KeyLink(this);
        var entra = new EntraApi(Directory, Mint, new AssertionCheck(Issuers, clock), clock);
        VaultGate = new VaultGate(Roles);
        Services = [entra, new ImdsApi(Directory, entra, clock),
            new VaultApi(Vaults, VaultGate, Mint, (clock, Changes)), new ArmApi(this), new BlobApi(this)];
        AzureSeed.Into(this);
    }

    public LocalCloudOptions Options { get; }

    public ShiftedClock Clock { get; }

    public CallLog Log { get; }

    public FaultBook Faults { get; }

    public SegmentStore Segments { get; }

    public AzureSwitches Switches { get; } = new();

    public ChangeMark Changes { get; } = new();

    public EntraDirectory Directory { get; } = new();

    public TrustedIssuers Issuers { get; } = new();

    public SubscriptionBook Subscriptions { get; } = new();

    public VaultBook Vaults { get; } = new();

    public VaultGate VaultGate { get; }

    public StorageBook Accounts { get; } = new();

    public KeyLink KeyLink { get; }

    public StampClock Stamps { get; }

    public PolicyBook Policies { get; } = new();

    public LockBook Locks { get; } = new();

    public ArmBudget Budget { get; }

    public RoleBook Roles { get; }

    public TokenMint Mint { get; }

    public IReadOnlyList<AzureService> Services { get; }

    /// <summary>The bytes of a copy: the same ones unless copies are to move them. Page blobs share theirs,
    /// whose holes would be filled.</summary>
    public Content Moved(Content content) =>
        Options.CopiesMoveBytes && content is not PageContent ? Segments.Keep(content) : content;

    /// <summary>Whether DNS would know the name.</summary>
    public bool Exists(string host) => AzureAddress.Of(host, "/") switch
    {
        { Service: "keyvault" } vault => Vaults.FindLive(vault.Account) is not null,
        { Service: "blob" } blob => Accounts.Find(blob.Account) is not null || host is "127.0.0.1" or "localhost",
        _ => true,
    };
}
