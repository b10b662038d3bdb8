namespace ByokOperator.Copies;

/// <summary>How the Jobs of one fingerprint stand.</summary>
internal enum JobOutcome
{
    Absent,

    /// <summary>Some shards' Jobs are not there: create them again.</summary>
    Incomplete,
    Running,
    Succeeded,
    Failed,
}
