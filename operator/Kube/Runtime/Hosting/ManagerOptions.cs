namespace Kube.Runtime.Hosting;

public sealed record ManagerOptions
{
    /// <summary>How long work in hand may go on after a stop is asked for;
    /// below the 30 s that a pod is given by default.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long to wait for what was aborted before the process ends without it.</summary>
    public TimeSpan AbortGrace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A watch that has heard nothing for this long is not healthy. Longer than several reopenings, so that an
    /// apiserver that restarts does not restart us too.
    /// </summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromMinutes(3);
}
