using System.Text.Json.Nodes;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>
/// Shuts an account without any help of its key, and opens it again. Resource Manager is not shut out by any of it, so
/// the operator itself always gets back. No step waits for another to succeed:
/// what Azure refuses is told once everything else is done.
/// </summary>
internal sealed class AccountClosing(
    AccountProvisioner mender, WorkloadRole role, PrivateDoors doors, TimeProvider time)
{
    /// <summary>The network and the shared keys first, in one call: that counts at once and for everybody.
    /// Then what was given out.</summary>
    /// <param name="spec">Which.</param>
    /// <param name="account">As Resource Manager tells it; null where it does not:
    /// then all is shut that can be without knowing it.</param>
    /// <param name="resources">Which resource instances still get in afterwards: none,
    /// or null for those that do.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public async Task CloseAsync(
        StoreSpec spec, JsonObject? account, JsonArray? resources, CancellationToken cancellation)
    {
        var place = AccountPlace.Of(spec.Store);
        List<(string What, CloudException Why)> undone = [];
        var before = account is null ? null
            : (AccountFacts.MarkOf(account) ?? Standing(account)) with { CompletedAt = null };
        await ShutAsync(place, account, (before, resources), undone, cancellation);
        foreach (var door in account is null ? [] : PrivateDoors.Open(account))
        {
            await TryAsync($"private endpoint connection {door}", () => doors.RejectAsync(place, door, cancellation),
                undone);
        }

        await TryAsync("workloads' role", () => role.TakeAsync(spec, cancellation), undone);
        await TryAsync("delegation keys", () => mender.RevokeDelegationsAsync(place, cancellation), undone);
        if (undone.Count == 0 && account is not null)
        {
            var done = before! with { CompletedAt = time.GetUtcNow() };
            await TryAsync("mark",
                () =>
                    mender.ChangeAccountAsync(place,
                        AccountDocument.ToSwitch(account, shut: true, before, done, resources), cancellation), undone);
        }

        if (undone is [var (_, first), ..])
        {
            throw new CloudException(
                AccountRefusals.With(first.Problem,
                    $"closing could not do: "
                        + $"{string.Join("; ", undone.Select(one => $"{one.What} ({one.Why.Problem.Code})"))}: "
                        + $"{first.Problem.Message}"),
                first.Operation, first.RequestId, first);
        }
    }

    /// <summary>
    /// The role comes after the network: what breaks off in between is open without it, which shows as drift. Private
    /// endpoints come before it: what breaks off there is a closing that is to be finished.
    /// </summary>
    public async Task<IReadOnlyList<NotPutBack>> OpenAsync(
        StoreSpec spec, AccountFacts facts, string? setAside, CancellationToken cancellation)
    {
        var place = AccountPlace.Of(spec.Store);
        List<(string What, CloudException Why)> lost = [];
        foreach (var door in PrivateDoors.RejectedByUs(facts.Account))
        {
            await TryAsync(door, () => doors.ApproveAsync(place, door, cancellation), lost);
        }

        await OpenNetworkAsync(place, facts, ResourceRules.Together(facts.Account, setAside), lost, cancellation);
        await role.GiveAsync(spec, cancellation);
        return [.. lost.Select(one => new NotPutBack(one.What, one.Why.Problem.Code, one.Why.Problem.Message))];
    }

    /// <summary>A resource instance that is no more, or that a policy forbids by now, holds no opening up.</summary>
    private async Task OpenNetworkAsync(
        AccountPlace place, AccountFacts facts, JsonArray? resources, List<(string What, CloudException Why)> lost,
        CancellationToken cancellation)
    {
        try
        {
            await ChangeAsync(resources);
        }
        catch (CloudException refused) when (resources is not null
            && refused.Problem is CloudProblem.Refused or CloudProblem.Forbidden)
        {
            await ChangeAsync(null);
            lost.Add((ResourceRules.Name, refused));
        }

        Task ChangeAsync(JsonArray? standing) => mender.ChangeAccountAsync(
            place,
            AccountDocument.ToSwitch(facts.Account, shut: false, facts.Mark ?? ClosingMark.AsMade, mark: null,
                standing), cancellation);
    }

    /// <summary>A lock or a policy may forbid one part of the change: then each part is asked for by itself.</summary>
    private async Task ShutAsync(
        AccountPlace place,
        JsonObject? account,
        (ClosingMark? Before, JsonArray? Resources) wanted,
        List<(string What, CloudException Why)> undone,
        CancellationToken cancellation)
    {
        var (before, resources) = wanted;
        List<(string What, CloudException Why)> whole = [];
        var parts = AccountDocument.ToShutByParts(account, before, resources);
        if (account is not null && before is not null)
        {
            await TryAsync("network and shared keys",
                () =>
                    mender.ChangeAccountAsync(place,
                        AccountDocument.ToSwitch(account, shut: true, before, before, resources), cancellation), whole);
            if (whole.Count == 0)
            {
                return;
            }
        }

        foreach (var (what, part) in parts)
        {
            await TryAsync(what, () => mender.ChangeAccountAsync(place, part, cancellation), undone);
        }
    }

    private static async Task TryAsync(string what, Func<Task> step, List<(string What, CloudException Why)> undone)
    {
        try
        {
            await step();
        }
        catch (CloudException refused)
        {
            undone.Add((what, refused));
        }
    }

    private static ClosingMark Standing(JsonObject account)
    {
        var properties = account["properties"] as JsonObject;
        var rules = properties?["networkAcls"] as JsonObject;
        return new ClosingMark(
            AccountFacts.Text(properties, "publicNetworkAccess") ?? ClosingMark.AsMade.PublicNetworkAccess,
            AccountFacts.Text(rules, "defaultAction") ?? ClosingMark.AsMade.DefaultAction,
            AccountFacts.Text(rules, "bypass") ?? ClosingMark.AsMade.Bypass,
            CompletedAt: null);
    }
}
