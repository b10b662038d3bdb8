namespace Kube.Core.Kinds;

public sealed record EnvironmentVariable
{
    public string Name { get; init => field = value ?? ""; } = "";

    public string? Value { get; init; }
}
