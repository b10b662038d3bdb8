namespace Cloud.Keys;

/// <summary>Writes down what a tenant must allow, for its own account and partition, or directory and vault.</summary>
public interface IKeyPolicies
{
    /// <summary>The one document that says it all, least privilege, for one key: a key policy (pretty JSON) on AWS, Bicep on Azure.</summary>
    /// <param name="key">The tenant's.</param>
    /// <param name="tenant">Who proves the key: the encryption context that the policy demands of it. Null: the policy demands none.</param>
    string RequiredPolicy(KeyRef key, string? tenant = null);

    /// <summary>Every form a tenant may want it in, by file name.</summary>
    IReadOnlyDictionary<string, string> Documents(KeyRef key, string? tenant = null);
}
