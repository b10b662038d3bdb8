using System.Text.Json.Nodes;
using Cloud.Calling;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>
/// Whether an account is closed, and its closing. Whose the account is comes first, and the account itself tells it;
/// nothing else that can be looked at is looked at before the network is shut.
/// </summary>
internal sealed class AccountDenial(
    AccountLook look, WorkloadRole role, AccountClosing closing, (AzureOptions Options, TimeProvider Time) site)
{
    public async Task<DenialLook> LookAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var account = await look.FindAsync(AccountPlace.Of(spec.Store), evidence: null, cancellation);
        var ownership = await look.OwnershipAsync(spec, account, evidence: null, cancellation);
        return await OfAsync(spec, (account, ownership), evidence: null, cancellation);
    }

    /// <summary>Of what closing needs, only the role does not stand in the account itself.</summary>
    public async Task<DenialLook> OfAsync(
        StoreSpec spec, (JsonObject? Account, StoreOwnership Ownership) seen, Evidence? evidence,
        CancellationToken cancellation)
    {
        if (seen.Account is not { } account || seen.Ownership == StoreOwnership.Stranger || !IsShut(account))
        {
            return new DenialLook(seen.Ownership, IsDenied: false, SettlesAt: null);
        }

        var facts = FactsOf(account, await role.LookAsync(spec, evidence, cancellation));
        return new DenialLook(seen.Ownership, facts.IsDenied, facts.SettlesAt(site.Options));
    }

    public async Task<DenialOutcome> DenyAsync(StoreSpec spec, DenialOrder order, CancellationToken cancellation)
    {
        var account = await FindAsync(spec, order, cancellation);
        if (!order.MayClose(account is null ? null : AccountLook.OwnershipOf(spec, account)))
        {
            throw AccountRefusals.NotOurs(spec, AccountRefusals.Patch);
        }

        try
        {
            return account is not null && IsShut(account) && await HasNoRoleAsync(spec, account, cancellation)
                ? DenialOutcome.Whole
                : await CloseAsync(spec, account, order, cancellation);
        }
        catch (CloudException refused)
        {
            throw AccountRefusals.Explain(refused, spec);
        }
    }

    /// <summary>What is taken out of the account is kept first, as far as that goes quickly.</summary>
    private async Task<DenialOutcome> CloseAsync(
        StoreSpec spec, JsonObject? account, DenialOrder order, CancellationToken cancellation)
    {
        var aside = account is null ? null : ResourceRules.Aside(account, order.Earlier);
        var isKept = aside is not null && await order.TryKeepAsync(aside, site.Time, cancellation);
        await closing.CloseAsync(spec, account, resources: [], cancellation);
        return aside is null ? DenialOutcome.Whole : new DenialOutcome(aside, isKept, ResourceRules.Name);
    }

    /// <summary>Null where it can't be seen, and the operator's record says
    /// that what stands there is the store's.</summary>
    private async Task<JsonObject?> FindAsync(StoreSpec spec, DenialOrder order, CancellationToken cancellation)
    {
        try
        {
            return await look.FindAsync(AccountPlace.Of(spec.Store), evidence: null, cancellation)
                ?? throw new CloudException(
                    new CloudProblem.NotFound("ResourceNotFound", $"the account of {spec.Store.Name} does not exist"),
                    AccountRefusals.Patch);
        }
        catch (CloudException unseen) when (order.IsRecorded && unseen.Problem is not CloudProblem.NotFound)
        {
            return null;
        }
    }

    private async Task<bool> HasNoRoleAsync(StoreSpec spec, JsonObject account, CancellationToken cancellation)
    {
        try
        {
            return (await OfAsync(spec, (account, StoreOwnership.Ours), evidence: null, cancellation)).IsDenied;
        }
        catch (CloudException)
        {
            return false;
        }
    }

    /// <summary>As far as the account itself tells.</summary>
    private static bool IsShut(JsonObject account) => FactsOf(account, RoleStanding.NotWanted).IsDenied;

    private static AccountFacts FactsOf(JsonObject account, RoleStanding role) =>
        new(account, BlobService: [], Container: null, role);
}
