namespace Byok.Import;

/// <summary>
/// How the Secrets and ConfigMaps of imports are marked as the operator's. What the operator makes of its own kinds is
/// marked alike, which a test holds: neither side of this wall knows the other's spelling.
/// </summary>
public static class ImportObjects
{
    public const string FieldManager = "byok-operator";

    /// <summary>Label: which of them this is; watches and lists select on it.</summary>
    public const string ChildLabel = "byok.dev/child";

    private const string ManagedBy = "app.kubernetes.io/managed-by";
    private const string ManagedByValue = "byok-operator";

    public static Dictionary<string, string> LabelsFor(string child) => new()
    {
        [ManagedBy] = ManagedByValue,
        [ChildLabel] = child,
    };

    /// <summary>Selects what bears them.</summary>
    public static string SelectorOf(string child) => $"{ManagedBy}={ManagedByValue},{ChildLabel}={child}";
}
