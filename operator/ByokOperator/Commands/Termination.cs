namespace ByokOperator.Commands;

/// <summary>How a process of ours ends when it is asked to.</summary>
internal static class Termination
{
    /// <summary>
    /// A pod has 30 s from SIGTERM to SIGKILL. Without this the command line would end the process after 2 s, in the
    /// middle of a checkpoint or with the lease still held.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(29);
}
