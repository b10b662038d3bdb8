namespace LocalCloud.Faults;

/// <summary>What fault rules are asked about one request, whichever cloud it is of.</summary>
internal readonly record struct FaultSubject(string Service, string Operation)
{
    public string? Bucket { get; init; }

    public string? Key { get; init; }

    public string? AccessKey { get; init; }

    public string? Principal { get; init; }

    public string? Region { get; init; }

    public string? Account { get; init; }
}
