namespace ByokOperator.Api;

public sealed record KeyReference
{
    public string Name { get; init => field = value ?? ""; } = "";
}
