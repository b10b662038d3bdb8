using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>
/// Shuts an account without any help of its key, and opens it again. Resource Manager is not shut out by any of it, so the
/// operator itself always gets back.
/// </summary>
internal sealed class AccountClosing(AccountMender mender, WorkloadRole role)
{
    /// <summary>The network first, for that counts at once and for everybody; then what was given out; and only then it says so.</summary>
    public async Task CloseAsync(StoreSpec spec, AccountFacts facts, CancellationToken cancellation)
    {
        var place = AccountPlace.Of(spec.Store);
        var before = (facts.Mark ?? Standing(facts)) with { IsComplete = false };
        await mender.ChangeAccountAsync(place, AccountDocument.ToSwitch(facts, shut: true, before, before), cancellation);
        await Task.WhenAll(role.TakeAsync(place, spec.Owner, cancellation), mender.RevokeDelegationsAsync(place, cancellation));
        await mender.ChangeAccountAsync(place, AccountDocument.ToSwitch(facts, shut: true, before, before with { IsComplete = true }), cancellation);
    }

    /// <summary>The role comes after the network: what breaks off in between is open without it, which shows as drift.</summary>
    public async Task OpenAsync(StoreSpec spec, AccountFacts facts, CancellationToken cancellation)
    {
        var place = AccountPlace.Of(spec.Store);
        await mender.ChangeAccountAsync(place, AccountDocument.ToSwitch(facts, shut: false, facts.Mark ?? ClosingMark.AsMade, mark: null), cancellation);
        await role.GiveAsync(place, spec.Owner, cancellation);
    }

    private static ClosingMark Standing(AccountFacts facts)
    {
        var properties = facts.Account["properties"] as System.Text.Json.Nodes.JsonObject;
        var rules = properties?["networkAcls"] as System.Text.Json.Nodes.JsonObject;
        return new ClosingMark(
            AccountFacts.Text(properties, "publicNetworkAccess") ?? ClosingMark.AsMade.PublicNetworkAccess,
            AccountFacts.Text(rules, "defaultAction") ?? ClosingMark.AsMade.DefaultAction,
            AccountFacts.Text(rules, "bypass") ?? ClosingMark.AsMade.Bypass,
            IsComplete: false);
    }
}
