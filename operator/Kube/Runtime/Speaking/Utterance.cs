using Kube.Core;

namespace Kube.Runtime.Speaking;

/// <summary>What must be written for a remark, or for a series that went on in silence.</summary>
internal abstract record Utterance
{
    private Utterance()
    {
    }

    /// <summary>A new Event under this name.</summary>
    public sealed record Create(ObjectKey Event, Remark Remark, DateTimeOffset At) : Utterance;

    /// <summary>The same Event happened this often now, the last time at this moment.</summary>
    public sealed record Update(ObjectKey Event, Remark Remark, int Count, DateTimeOffset LastAt) : Utterance;
}
