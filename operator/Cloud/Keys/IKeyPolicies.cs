namespace Cloud.Keys;

/// <summary>Writes down what a tenant must allow, for its own account and partition.</summary>
public interface IKeyPolicies
{
    /// <summary>The policy document (pretty JSON), least privilege, for one key.</summary>
    string RequiredPolicy(KeyRef key);
}
