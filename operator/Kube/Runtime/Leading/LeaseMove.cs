namespace Kube.Runtime.Leading;

/// <summary>What to do about the lease now.</summary>
public abstract record LeaseMove
{
    private LeaseMove()
    {
    }

    /// <summary>Nobody holds it, or its holder has gone silent:
    /// try to write our name into exactly this version.</summary>
    public sealed record Take : LeaseMove;

    /// <summary>It is ours: renew it.</summary>
    public sealed record Keep : LeaseMove;

    /// <summary>Somebody holds it; it can't be free before this moment.</summary>
    public sealed record Wait(TimeSpan Until) : LeaseMove;
}
