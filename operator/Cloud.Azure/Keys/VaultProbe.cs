using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>Uses a key and judges the answer. A denial counts only when it is seen twice.</summary>
internal sealed class VaultProbe(VaultCalls vault, RoleProbe roles)
{
    /// <summary>Long enough for another front end of the vault to answer, short beside any probe interval.</summary>
    private static readonly TimeSpan BeforeSecondLook = TimeSpan.FromMilliseconds(500);

    private static readonly string[] Needed =
        ["Microsoft.KeyVault/vaults/keys/read", "Microsoft.KeyVault/vaults/keys/wrap/action",
            "Microsoft.KeyVault/vaults/keys/unwrap/action"];

    public async Task<KeyProof> ProveAsync(
        KeyRef key, IReadOnlyDictionary<string, string> context, Canary? stored, CancellationToken cancellation)
    {
        var evidence = new Evidence();
        if (!VaultKeyId.TryParse(key.Id, out var id))
        {
            return new KeyProof(KeyVerdict.Unknown, "InvalidKeyUrl", "not the address of a key in a vault", stored, [],
                []);
        }

        var use = await TryAsync(key, id, context, stored, evidence, cancellation);
        if (use.Problem is CloudProblem.Forbidden)
        {
            await Task.Delay(BeforeSecondLook, vault.Time, cancellation);
            use = await TryAsync(key, id, context, stored, evidence, cancellation);
        }

        if (use.Refusal is { } refusal)
        {
            return new KeyProof(refusal.Verdict, refusal.Reason, refusal.Message, stored, key.IsOurs ? []
                : MissingOf(use.Problem), evidence.ToList()) { Version = use.Version };
        }

        // in a vault of ours we make keys, so may more
        var excess = key.Tenancy is null ? [] : await roles.ExcessAsync(key, id, evidence, cancellation);
        var how = stored is null ? "wrapped a secret and unwrapped it"
            : "unwrapped the stored canary and wrapped a secret";
        return new KeyProof(KeyVerdict.Usable, "Proved", how, use.Canary, [], evidence.ToList())
        {
            Version = use.Version,
            ExcessActions = excess,
        };
    }

    private async Task<VaultUse> TryAsync(
        KeyRef key, VaultKeyId id, IReadOnlyDictionary<string, string> context, Canary? stored, Evidence evidence,
        CancellationToken cancellation)
    {
        try
        {
            return stored is null
                ? await AdoptAsync(key, id, context, evidence, cancellation)
                : await AgainAsync(key, id, stored, evidence, cancellation);
        }
        catch (CloudException failure)
        {
            var judgement = stored is null ? VaultJudgement.AtFirst(failure.Problem, key.IsOurs)
                : VaultJudgement.Of(failure.Problem, key.IsOurs);
            return new VaultUse(stored, null, judgement, failure.Problem);
        }
    }

    /// <summary>A key never seen before is looked at as well as used:
    /// a wrong one is best told before anything stands under it.</summary>
    private async Task<VaultUse> AdoptAsync(
        KeyRef key, VaultKeyId id, IReadOnlyDictionary<string, string> context, Evidence evidence,
        CancellationToken cancellation)
    {
        var facts = await vault.GetAsync(key, id, evidence, cancellation);
        if (VaultJudgement.Of(facts, vault.Time.GetUtcNow()) is { } unfit)
        {
            return new VaultUse(null, facts.Id.Version, unfit);
        }

        var (version, ciphertext) = await vault.WrapAsync(key, id, evidence, cancellation);
        await vault.UnwrapAsync(key, id.At(version), ciphertext, evidence, cancellation);
        return new VaultUse(new Canary(id.Identity, version, ciphertext, context), version, null);
    }

    /// <summary>The stored canary first: only it tells the same key from another one behind the same name.</summary>
    private async Task<VaultUse> AgainAsync(
        KeyRef key, VaultKeyId id, Canary stored, Evidence evidence, CancellationToken cancellation)
    {
        if (await SameKeyAsync(key, id, stored, evidence, cancellation) is { } refusal)
        {
            return new VaultUse(stored, null, refusal);
        }

        var (version, ciphertext) = await vault.WrapAsync(key, id, evidence, cancellation);
        if (version == stored.MaterialId || version == stored.Successor?.MaterialId)
        {
            return new VaultUse(stored, version, null);
        }

        await vault.UnwrapAsync(key, id.At(version), ciphertext, evidence, cancellation);
        return new VaultUse(stored with { Successor = new CanarySuccessor(version, ciphertext) }, version, null);
    }

    /// <summary>Null where one of the canary's versions still unwraps what it wrapped. The successor is asked first:
    /// old versions are switched off some day.</summary>
    private async Task<VaultJudgement?> SameKeyAsync(
        KeyRef key, VaultKeyId id, Canary stored, Evidence evidence, CancellationToken cancellation)
    {
        if (stored.Successor is { } successor)
        {
            try
            {
                await vault.UnwrapAsync(key, id.At(successor.MaterialId), successor.Ciphertext, evidence, cancellation);
                return null;
            }
            catch (CloudException gone)
                when (gone.Problem is CloudProblem.KeyUnusable or CloudProblem.NotFound or CloudProblem.WrongKey)
            {
                // Its own version may still stand.
            }
        }

        try
        {
            await vault.UnwrapAsync(key, id.At(stored.MaterialId), stored.Ciphertext, evidence, cancellation);
            return null;
        }
        catch (CloudException refused)
            when (refused.Problem is CloudProblem.KeyUnusable or CloudProblem.NotFound { Code: "KeyNotFound" })
        {
            return await RefineAsync(key, id, stored, refused.Problem, evidence, cancellation);
        }
    }

    /// <summary>A version that is gone while the name stands is another key; one that is switched off while a newer is
    /// on can't vouch for that one.</summary>
    private async Task<VaultJudgement> RefineAsync(
        KeyRef key, VaultKeyId id, Canary stored, CloudProblem problem, Evidence evidence,
        CancellationToken cancellation)
    {
        VaultKeyFacts current;
        try
        {
            current = await vault.GetAsync(key, id.At(null), evidence, cancellation);
        }
        catch (CloudException) when (problem is CloudProblem.KeyUnusable)
        {
            return VaultJudgement.Of(problem); // said already, whatever keeps us from hearing more
        }

        return problem switch
        {
            CloudProblem.NotFound => VaultJudgement.Of(new CloudProblem.WrongKey("VersionNotFound", problem.Message)),
            _ when current.Enabled && current.Id.Version != stored.MaterialId
                && current.Id.Version != stored.Successor?.MaterialId => new VaultJudgement(
                KeyVerdict.Revoked, "CanaryVersionDisabled",
                $"the version that the key is known by was switched off before the new one was proved with it: enable "
                    + $"version {stored.MaterialId} until this condition is gone"),
            _ => VaultJudgement.Of(problem),
        };
    }

    private static string[] MissingOf(CloudProblem? problem) => problem switch
    {
        CloudProblem.Forbidden { Code: VaultVerdicts.ByPolicy } => KeyAccess.Permissions,
        CloudProblem.Forbidden { Code: VaultVerdicts.ByRole, Action: { } named } => [named],
        CloudProblem.Forbidden { Code: VaultVerdicts.ByRole } => Needed,
        _ => [],
    };
}

/// <summary>What using a key once came to: a canary that proves it, or why there is none.</summary>
/// <param name="Canary">The stored one (with a successor where the key was rotated), or a fresh one.</param>
/// <param name="Version">The version that wraps now.</param>
/// <param name="Refusal">Null where the key proved itself.</param>
/// <param name="Problem">What the cloud said, where it was the cloud that refused.</param>
internal sealed record VaultUse(Canary? Canary, string? Version, VaultJudgement? Refusal, CloudProblem? Problem = null);
