namespace ByokOperator.Api;

public sealed record ConfigMapReference
{
    public string ConfigMapName { get; init => field = value ?? ""; } = "";
}
