using Kube.Core;

namespace Kube.Runtime.Events;

/// <summary>What must be written for a remark, or for a series that went on in silence.</summary>
internal abstract record EventWrite
{
    private EventWrite()
    {
    }

    /// <summary>A new Event under this name.</summary>
    public sealed record Create(ObjectKey Event, EventRequest EventRequest, DateTimeOffset At) : EventWrite;

    /// <summary>The same Event happened this often now, the last time at this moment.</summary>
    public sealed record Update(
        ObjectKey Event, EventRequest EventRequest, int Count, DateTimeOffset LastAt) : EventWrite;
}
