namespace Kube.Runtime.Hosting;

/// <summary>What <see cref="Manager.RunAsync"/> returns, for the process to end with.</summary>
public static class ExitCodes
{
    public const int Stopped = 0;

    /// <summary>Something that should run for ever ended.</summary>
    public const int Failed = 1;

    /// <summary>Another process leads, or may: restart and wait in line (EX_TEMPFAIL).</summary>
    public const int LeadershipLost = 75;
}
