namespace ByokOperator.Api;

/// <summary>When a move may hold writers and workloads up.</summary>
public sealed record MaintenanceWindow
{
    /// <summary>When it opens: the five fields of cron, such as <c>0 2 * * 6</c>.</summary>
    public string Schedule { get; init => field = value ?? ""; } = "";

    /// <summary>How long it stays open, such as <c>8h</c>: time that passes, whatever the clocks show.</summary>
    public string Duration { get; init => field = value ?? ""; } = "";

    /// <summary>Whose clocks the schedule goes by, as the IANA database names it,
    /// such as <c>Europe/Berlin</c>.</summary>
    public string TimeZone { get; init => field = value ?? "UTC"; } = "UTC";
}
