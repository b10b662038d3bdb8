namespace ByokOperator.Api;

/// <summary>The values of <c>spec.state</c>.</summary>
public static class KeyStates
{
    public const string Standby = "Standby";
    public const string Active = "Active";
    public const string Archived = "Archived";
    public const string Revoked = "Revoked";
}
