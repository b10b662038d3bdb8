namespace Cloud;

/// <summary>Which cloud a key or a store is in. A closed set: every adapter serves one,
/// and <c>Cloud.Routing</c> chooses by it.</summary>
public enum CloudKind
{
    Aws,
    Azure,
}
