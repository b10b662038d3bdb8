namespace Kube.Core.Kinds;

public sealed record FieldReference
{
    public string FieldPath { get; init => field = value ?? ""; } = "";
}
