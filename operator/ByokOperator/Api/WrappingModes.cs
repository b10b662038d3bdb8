namespace ByokOperator.Api;

/// <summary>The values of <c>spec.imported.wrapping</c>.</summary>
public static class WrappingModes
{
    /// <summary>The platform's public key, the same for every tenant of a region.</summary>
    public const string Platform = "Platform";

    /// <summary>A key pair and a token made for one import.</summary>
    public const string ImportRequest = "ImportRequest";
}
