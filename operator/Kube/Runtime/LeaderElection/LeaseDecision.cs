namespace Kube.Runtime.LeaderElection;

/// <summary>What to do about the lease now.</summary>
public abstract record LeaseDecision
{
    private LeaseDecision()
    {
    }

    /// <summary>Nobody holds it, or its holder has gone silent:
    /// try to write our name into exactly this version.</summary>
    public sealed record Take : LeaseDecision;

    /// <summary>It is ours: renew it.</summary>
    public sealed record Keep : LeaseDecision;

    /// <summary>Somebody holds it; it can't be free before this moment.</summary>
    public sealed record Wait(TimeSpan Until) : LeaseDecision;
}
