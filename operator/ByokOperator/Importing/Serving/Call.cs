namespace ByokOperator.Importing.Serving;

/// <summary>One call as the audit line tells it, filled in as it becomes known. Only what we checked ourselves gets in: nothing that a caller could write into a log.</summary>
internal sealed class Call(string id)
{
    public string Id => id;

    /// <summary>The route's pattern, not the address.</summary>
    public string Route { get; set; } = "none";

    public string Method { get; set; } = "";

    public string Remote { get; set; } = "";

    public ApiKeyRecord? Caller { get; set; }

    public string? RequestId { get; set; }

    public ImportProblem? Problem { get; set; }

    public int Status { get; set; }

    public override string ToString() =>
        $"call={Id} method={Method} route={Route} status={Status} problem={Problem?.Slug ?? "none"} code={Problem?.Code ?? "none"} key={Caller?.Key.ToString() ?? "unknown"} apiKey={Caller?.Id ?? "unknown"} request={RequestId ?? "none"} remote={Remote}";
}
