using Cloud.Keys;

namespace Cloud.Routing;

/// <summary>Each key to its own cloud.</summary>
public sealed class RoutedTenantKeys(Choice<ITenantKeys> clouds) : ITenantKeys
{
    public Task<KeyDescription> DescribeAsync(KeyRef key, CancellationToken cancellation) =>
        clouds.For(key.Cloud).DescribeAsync(key, cancellation);

    /// <summary>A cloud that is not set up can't be asked, which is a verdict like any other.</summary>
    public Task<KeyProof> ProveAsync(
        KeyRef key, IReadOnlyDictionary<string, string> context, Canary? stored, CancellationToken cancellation)
    {
        try
        {
            return clouds.For(key.Cloud).ProveAsync(key, context, stored, cancellation);
        }
        catch (CloudException missing)
        {
            return Task.FromResult(
                new KeyProof(KeyVerdict.Unknown, missing.Problem.Code, missing.Problem.Message, stored, [], []));
        }
    }

    public Task<IReadOnlyList<string>> GranteesAsync(KeyRef key, string name, CancellationToken cancellation) =>
        clouds.For(key.Cloud).GranteesAsync(key, name, cancellation);

    public Task<string?> EnsureGrantAsync(KeyRef key, GrantSpec grant, CancellationToken cancellation) =>
        clouds.For(key.Cloud).EnsureGrantAsync(key, grant, cancellation);

    public Task RevokeGrantAsync(
        KeyRef key, string name, IReadOnlyCollection<string> known, CancellationToken cancellation) =>
        clouds.For(key.Cloud).RevokeGrantAsync(key, name, known, cancellation);
}
