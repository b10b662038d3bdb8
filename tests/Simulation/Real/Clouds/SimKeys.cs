using System.Globalization;
using System.Text;
using Cloud;
using Cloud.Keys;

namespace Simulation.Real.Clouds;

/// <summary>Tenants' keys as one process reaches them.</summary>
internal sealed class SimKeys(Account account, Line line, Action leave) : ITenantKeys
{
    /// <summary>Nothing is decided on it, so no trouble of its own comes of it.</summary>
    public async Task<KeyDescription> DescribeAsync(KeyRef key, CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var there = Reached(key);
        return new KeyDescription(MaterialOf(there), null);
    }

    public async Task<KeyProof> ProveAsync(
        KeyRef key, IReadOnlyDictionary<string, string> context, Canary? stored, CancellationToken cancellation)
    {
        try
        {
            await line.Call(Domain.Kms).BeforeAsync(cancellation);
        }
        catch (CloudException struck)
        {
            return Said(KeyVerdict.Unknown, struck.Problem.Code);
        }

        return account.Keys.GetValueOrDefault(key.Id) switch
        {
            null => Said(KeyVerdict.Revoked, "KeyNotFound"),
            { Silence: { } why } => Said(KeyVerdict.Unknown, why),
            { IsDisabled: true } => Said(KeyVerdict.Revoked, "KeyDisabled"),
            { Import.IsGoing: true } => Said(KeyVerdict.Revoked, "KeyPendingDeletion"),
            { Import: not null, Material: 0 } => Said(KeyVerdict.Revoked, "KeyPendingImport"),
            { } there when stored is not null
                && !there.Opens(MaterialIn(stored.Ciphertext.Span)) => Said(KeyVerdict.Revoked, "KeyReplaced"),
            { } there =>
                Said(KeyVerdict.Usable, "Proved") with
                {
                    Canary = stored ?? Mint(there, context),
                    Version = there.Import?.Given.Count > 1 ? MaterialOf(there) : null,
                },
        };
    }

    public async Task<IReadOnlyList<string>> GranteesAsync(KeyRef key, string name, CancellationToken cancellation)
    {
        await line.Call(Domain.Kms).BeforeAsync(cancellation);
        return Reached(key).Grants.Contains(name)
            ? [$"arn:aws:iam::111111111111:role/{Reached(key).Import?.Owner.Namespace ?? "data"}"] : [];
    }

    public async Task<string?> EnsureGrantAsync(KeyRef key, GrantSpec grant, CancellationToken cancellation)
    {
        var call = line.Call(Domain.Kms);
        await call.BeforeAsync(cancellation);
        leave();
        Reached(key).Grants.Add(grant.Name);
        call.After();
        return grant.Name;
    }

    public async Task RevokeGrantAsync(
        KeyRef key, string name, IReadOnlyCollection<string> known, CancellationToken cancellation)
    {
        var call = line.Call(Domain.Kms);
        await call.BeforeAsync(cancellation);
        leave();
        Reached(key).Grants.Remove(name);
        call.After();
    }

    /// <summary>Which material made it: what decrypting would tell.</summary>
    public static int MaterialIn(ReadOnlySpan<byte> ciphertext) =>
        int.TryParse(Encoding.UTF8.GetString(ciphertext).Split(':')[0], NumberStyles.None, CultureInfo.InvariantCulture,
            out var material) ? material : -1;

    private CloudKey Reached(KeyRef key) => account.Keys.GetValueOrDefault(key.Id) switch
    {
        null => throw new CloudException(new CloudProblem.NotFound("NotFoundException", "there is no such key"), "kms"),
        { IsUnreachable: true } =>
            throw new CloudException(new CloudProblem.Unreachable("Unreachable", "no answer came"), "kms"),
        { } there => there,
    };

    private Canary Mint(CloudKey key, IReadOnlyDictionary<string, string> context) =>
        new(key.Arn, MaterialOf(key), Encoding.UTF8.GetBytes($"{key.Material}:{++account.Made}"), context);

    private static string? MaterialOf(CloudKey key) => key.TellsMaterial ? $"m{key.Material}" : null;

    private static KeyProof Said(KeyVerdict verdict, string reason) => new(verdict, reason, "", null, [], []);
}
