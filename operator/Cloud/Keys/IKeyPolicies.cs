namespace Cloud.Keys;

/// <summary>Writes down what a tenant must allow, for its own account and partition, or directory and vault.</summary>
public interface IKeyPolicies
{
    /// <summary>The one document that says it all, least privilege, for one key: a key policy (pretty JSON) on AWS,
    /// Bicep on Azure.</summary>
    /// <param name="key">The tenant's.</param>
    /// <param name="binding">Whose it is. Null: the policy binds it to nobody, and lets the operator alone in.</param>
    string RequiredPolicy(KeyRef key, KeyBinding? binding = null);

    /// <summary>Every form a tenant may want it in, and what each part of it is for, by file name.</summary>
    IReadOnlyDictionary<string, string> Documents(KeyRef key, KeyBinding? binding = null);
}

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
