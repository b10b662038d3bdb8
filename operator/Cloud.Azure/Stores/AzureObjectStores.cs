using System.Text.Json.Nodes;
using Cloud.Azure.Calling;
using Cloud.Azure.Objects;
using Cloud.Calling;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>A storage account for each store, and tenants' prefixes of shared containers.</summary>
internal sealed class AzureObjectStores : IObjectStores
{
    private readonly AccountLook look;
    private readonly AccountProvisioner mender;
    private readonly AccountClosing closing;
    private readonly AccountDenial denial;
    private readonly WorkloadRole role;
    private readonly AccountOperations operations;
    private readonly SharedContainers shares;
    private readonly AccountSearch search;
    private readonly AzureOptions options;

    public AzureObjectStores(AzureCaller caller, BlobSite blobs)
    {
        var site = new ArmSite(caller);
        options = caller.Options;
        role = new WorkloadRole(site);
        operations = new AccountOperations(site);
        look = new AccountLook(site, role, operations);
        mender = new AccountProvisioner(site, look, operations);
        closing = new AccountClosing(mender, role, new PrivateDoors(site), site.Time);
        denial = new AccountDenial(look, role, closing, (options, site.Time));
        search = new AccountSearch(site);
        shares = new SharedContainers(look, new SharedBlobs(blobs));
    }

    public async Task<StoreDescription> DescribeAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var evidence = new Evidence();
        var account = await look.FindAsync(AccountPlace.Of(spec.Store), evidence, cancellation);
        var ownership = await look.OwnershipAsync(spec, account, evidence, cancellation);
        if (ownership != StoreOwnership.Ours)
        {
            var seen = await denial.OfAsync(spec, (account, ownership), evidence, cancellation);
            return new StoreDescription(ownership, [], seen.IsDenied, null, new Dictionary<string, string>(),
                evidence.ToList()) { SettlesAt = seen.SettlesAt };
        }

        var facts = await look.FactsAsync(spec, account!, evidence, cancellation);
        return new StoreDescription(ownership, facts.Drift(spec, options), facts.IsDenied, facts.KeyIdFor(spec),
            facts.Observed(), evidence.ToList())
        {
            Pin = AccountLook.PinOf(facts.Container),
            SettlesAt = facts.SettlesAt(options),
            CurrentKeyVersion = facts.CurrentKeyVersion,
            IsEmpty = facts.IsDenied ? facts.Container is null : null,
            KeepsVersions = AccountFacts.Flag(facts.BlobService["properties"] as JsonObject, "isVersioningEnabled")
                == true,
        };
    }

    public async Task<StoreOwnership> OwnershipAsync(StoreSpec spec, CancellationToken cancellation) =>
        await look.OwnershipAsync(spec, await look.FindAsync(AccountPlace.Of(spec.Store), evidence: null, cancellation),
            evidence: null, cancellation);

    public async Task<string?> ReadPinAsync(StoreRef store, CancellationToken cancellation) =>
        AccountLook.PinOf(await look.ContainerAsync(AccountPlace.Of(store), evidence: null, cancellation));

    public async Task<bool> WritePinAsync(StoreSpec spec, string pin, CancellationToken cancellation)
    {
        var (_, facts) = await OursAsync(spec, "arm:PatchContainer", cancellation);
        await mender.WritePinAsync(AccountPlace.Of(spec.Store), facts.Container, pin, cancellation);
        return true;
    }

    public async Task PrepareAsync(StoreSpec spec, CancellationToken cancellation)
    {
        try
        {
            await MakeAsync(spec, cancellation);
        }
        catch (CloudException refused)
        {
            throw AccountRefusals.Explain(refused, spec);
        }
    }

    public Task<IReadOnlyList<EarlierStore>> FindEarlierAsync(
        StoreSpec spec, StoreSearch within, CancellationToken cancellation) =>
        search.FindAsync(spec, within, cancellation);

    public async Task AdoptAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var place = AccountPlace.Of(spec.Store);
        var account = await look.FindAsync(place, evidence: null, cancellation);
        if (account is null
            || AccountLook.OwnershipOf(spec, account) is not (StoreOwnership.Ours or StoreOwnership.Earlier))
        {
            throw AccountRefusals.NotOurs(spec, AccountRefusals.Patch);
        }

        await mender.ChangeAccountAsync(place, AccountDocument.ToAdopt(spec, account), cancellation);
    }

    public Task<DenialLook> LookAtDenialAsync(StoreSpec spec, CancellationToken cancellation) =>
        denial.LookAsync(spec, cancellation);

    public Task<DenialOutcome> DenyAsync(StoreSpec spec, DenialOrder order, CancellationToken cancellation) =>
        denial.DenyAsync(spec, order, cancellation);

    public async Task<IReadOnlyList<NotPutBack>> AllowAsync(
        StoreSpec spec, string? setAside, CancellationToken cancellation)
    {
        var (_, facts) = await OursAsync(spec, AccountRefusals.Patch, cancellation);
        return facts.Mark is null ? [] : await closing.OpenAsync(spec, facts, setAside, cancellation);
    }

    public Task<SharedDescription> DescribeSharedAsync(
        SharedRef shared, string owner, CancellationToken cancellation) =>
            shares.DescribeAsync(shared, owner, cancellation);

    public Task<SharedDefault?> SharedDefaultAsync(StoreRef shared, CancellationToken cancellation) =>
        shares.DefaultAsync(shared, cancellation);

    public Task<string> RaiseFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        shares.RaiseAsync(shared, owner, cancellation);

    public Task LiftFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        shares.LiftAsync(shared, owner, cancellation);

    /// <summary>Resource Manager gets into a closed account: the container goes with all that is in it.</summary>
    public async Task<bool> EmptyDeniedAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var (_, facts) = await OursAsync(spec, "arm:DeleteContainer", cancellation);
        if (facts is { IsDenied: true, Container: not null })
        {
            await mender.RemoveContainerAsync(AccountPlace.Of(spec.Store), cancellation);
        }

        return facts.IsDenied;
    }

    /// <summary>Azure would delete a full account as readily as an empty one, so emptiness is looked up here:
    /// of all four of its services.</summary>
    public async Task DeleteAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var place = AccountPlace.Of(spec.Store);
        if (await look.FindAsync(place, evidence: null, cancellation) is not { } account)
        {
            return;
        }

        if (AccountLook.OwnershipOf(spec, account) != StoreOwnership.Ours)
        {
            throw AccountRefusals.NotOurs(spec, "arm:DeleteStorageAccount");
        }

        var containers = await mender.ContainersAsync(place, cancellation);
        var left = containers.FirstOrDefault(name => name != place.Container) is { } other ? $"the container {other}"
            : containers.Count > 0
                && !await shares.IsEmptyAsync(spec.Store, cancellation)
                    ? $"something in the container {place.Container}"
            : await mender.BesideBlobsAsync(place, cancellation);
        if (left is not null)
        {
            throw new CloudException(
                new CloudProblem.Conflict("StoreNotEmpty",
                    $"{left} is left in the account {place.Account}, and would go with it"),
                        "arm:DeleteStorageAccount");
        }

        var facts = await look.FactsAsync(spec, account, evidence: null, cancellation);
        if (facts.Role is RoleStanding.Given or RoleStanding.Unbounded)
        {
            await role.TakeAsync(spec, cancellation); // whoever gets an account of that name next is not let in by it
        }

        await mender.DeleteAsync(place, cancellation);
    }

    private async Task MakeAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var place = AccountPlace.Of(spec.Store);
        await operations.DemandFinishedAsync(place, cancellation);
        var account = await look.FindAsync(place, evidence: null, cancellation)
            ?? await mender.CreateAsync(spec, cancellation);
        if (AccountLook.OwnershipOf(spec, account) != StoreOwnership.Ours)
        {
            throw new CloudException(
                new CloudProblem.Conflict("AccountTaken",
                    $"the account {place.Account} stands already and is not this store's: choose another "
                        + "spec.azure.accountName, or leave it out"),
                "arm:PutStorageAccount");
        }

        if (AccountFacts.Text(account["properties"] as JsonObject, "provisioningState") is { } state
            && state != "Succeeded")
        {
            throw AccountOperations.Pending(place);
        }

        await MendAsync(spec, place, await look.FactsAsync(spec, account, evidence: null, cancellation), cancellation);
    }

    /// <summary>One after the other: Azure refuses two changes of one account at a time.</summary>
    private async Task MendAsync(StoreSpec spec, AccountPlace place, AccountFacts facts, CancellationToken cancellation)
    {
        var drift = facts.Drift(spec, options);
        if (drift.Any(AccountFacts.OfTheAccount.Contains))
        {
            await mender.ChangeAccountAsync(place, AccountDocument.ToMend(spec, options, facts, drift), cancellation);
        }

        if (drift.Contains(AccountFacts.VersioningDrift))
        {
            await mender.KeepVersionsAsync(place, facts, cancellation);
        }

        if (drift.Contains(AccountFacts.ContainerDrift))
        {
            await mender.MakeContainerAsync(place, cancellation);
        }

        if (drift.Contains(AccountFacts.InterruptedClosingDrift))
        {
            await closing.CloseAsync(spec, facts.Account, resources: null, cancellation);
        }

        if (drift.Contains(AccountFacts.WorkloadRoleDrift))
        {
            await role.GiveAsync(spec, cancellation);
        }
    }

    private async Task<(JsonObject Account, AccountFacts Facts)> OursAsync(
        StoreSpec spec, string operation, CancellationToken cancellation)
    {
        var account = await look.FindAsync(AccountPlace.Of(spec.Store), evidence: null, cancellation);
        return account is not null && AccountLook.OwnershipOf(spec, account) == StoreOwnership.Ours
            ? (account, await look.FactsAsync(spec, account, evidence: null, cancellation))
            : throw AccountRefusals.NotOurs(spec, operation);
    }
}
