namespace Cloud.Azure.Stores;

/// <summary>How the workloads' role stands on an account.</summary>
internal enum RoleStanding
{
    /// <summary>None is to: no principal is set.</summary>
    NotWanted,

    Missing,

    /// <summary>It lets them at our marks too.</summary>
    Unbounded,

    Given,
}
