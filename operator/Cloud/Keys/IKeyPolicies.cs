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
