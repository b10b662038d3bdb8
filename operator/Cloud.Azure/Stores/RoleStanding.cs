namespace Cloud.Azure.Stores;

/// <summary>How the workloads' role stands on an account.</summary>
internal enum RoleStanding
{
    /// <summary>None is given, and none is to be: the tenant has no principal.</summary>
    NotWanted,

    /// <summary>None is given, and nobody can tell whether one is to be.</summary>
    Untold,

    Missing,

    /// <summary>Given otherwise than it is to be: to another principal, or one that it lets at our marks too.</summary>
    Unbounded,

    Given,
}
