namespace ByokOperator.Api;

/// <summary>The values of <c>spec.deletionPolicy</c>.</summary>
public static class DeletionPolicies
{
    public const string Retain = "Retain";
    public const string Delete = "Delete";

    /// <summary>The data goes back to the shared place first, with the consent that leaving takes.</summary>
    public const string ReturnToShared = "ReturnToShared";
}
