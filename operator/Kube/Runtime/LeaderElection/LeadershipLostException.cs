namespace Kube.Runtime.LeaderElection;

/// <summary>An act was refused because this process does not lead, or cannot be sure that it does.</summary>
public sealed class LeadershipLostException()
    : Exception("This process does not hold the lease, or cannot be sure that it does.");
