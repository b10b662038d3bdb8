namespace Cloud.Keys;

/// <summary>Whose a key is and what for: what its policy binds to one tenant.</summary>
/// <param name="Tenant">What a proof says in its encryption context.</param>
/// <param name="Buckets">AWS: where data may be used under the key: names of buckets,
/// a <c>*</c> at the end stands for any rest.</param>
/// <param name="Workloads">Who uses the tenant's data besides the operator.</param>
public sealed record KeyBinding(string Tenant, IReadOnlyList<string> Buckets, DataPrincipal Workloads);

/// <summary>Who a tenant's workloads are in the clouds; null where the operator alone uses the data there.</summary>
/// <param name="Aws">ARN of a role.</param>
/// <param name="Azure">Object id of a principal.</param>
public sealed record DataPrincipal(string? Aws, string? Azure)
{
    public static DataPrincipal Nobody { get; } = new(null, null);
}
