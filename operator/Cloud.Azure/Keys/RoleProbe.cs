using System.Collections.Concurrent;
using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>
/// Whether our role on a tenant's key is broader than it need be. Assignments can't be read from outside the tenant's
/// directory, so it is tried: who may encrypt at large has the role Key Vault Crypto User,
/// Crypto Officer or Administrator.
/// </summary>
internal sealed class RoleProbe(VaultCalls vault)
{
    /// <summary>It is a hint and no guard: a call an hour is enough.</summary>
    private static readonly TimeSpan Stays = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, bool IsBroad)> seen = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<string>> ExcessAsync(
        KeyRef key, VaultKeyId id, Evidence evidence, CancellationToken cancellation)
    {
        var now = vault.Time.GetUtcNow();
        if (!seen.TryGetValue(id.Identity, out var known) || now - known.At > Stays)
        {
            known = (now, await vault.MayEncryptAsync(key, id, evidence, cancellation));
            seen[id.Identity] = known;
        }

        return known.IsBroad ? ["Microsoft.KeyVault/vaults/keys/encrypt/action"] : [];
    }
}
