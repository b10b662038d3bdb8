namespace Kube.Core;

/// <summary>Which objects of a kind a list or watch is about; an empty namespace means all of them.</summary>
/// <param name="Namespace">Null or empty: every namespace.</param>
/// <param name="Labels">A label selector in the API's own syntax, for example <c>app=x,tier in (a,b)</c>.</param>
/// <param name="Fields">A field selector, for example <c>metadata.name=x</c>.</param>
public sealed record Selection(string? Namespace = null, string? Labels = null, string? Fields = null)
{
    public static Selection Everything { get; } = new();
}
