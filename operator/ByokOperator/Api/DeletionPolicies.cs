namespace ByokOperator.Api;

/// <summary>The values of <c>spec.deletionPolicy</c>.</summary>
public static class DeletionPolicies
{
    public const string Retain = "Retain";
    public const string Delete = "Delete";
}
