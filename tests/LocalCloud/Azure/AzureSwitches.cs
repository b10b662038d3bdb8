using LocalCloud.Faults;

namespace LocalCloud.Azure;

/// <summary>Conditions of all of Azure that a test turns on and off.</summary>
internal sealed class AzureSwitches
{
    /// <summary>Services whose connections are reset: <c>entra</c>, <c>arm</c>, <c>keyvault</c>, <c>blob</c>.</summary>
    private volatile string[] unreachable = [];

    /// <summary>How long role assignments, made and removed, take to count.</summary>
    public TimeSwitch RoleLag { get; } = new();

    /// <summary>How long Storage goes on serving after a key went.</summary>
    public TimeSwitch KeyLag { get; } = new();

    /// <summary>How long ARM works on a storage account, on the cloud's clock. 0: done at the first look.</summary>
    public TimeSwitch OperationTime { get; } = new();

    /// <summary>How long Copy Blob is pending, on the cloud's clock. 0: done when it is accepted.</summary>
    public TimeSwitch CopyTime { get; } = new();

    public TimeSwitch TokenLifetime { get; } = new(TimeSpan.FromSeconds(3599));

    /// <summary>ARM points to a status document (Azure-AsyncOperation) instead of the result (Location).</summary>
    public bool UseStatusDocuments { get; set; }

    public bool IsUnreachable(string service) => unreachable.Contains(service);

    public void SetUnreachable(string service, bool value) =>
        unreachable = value ? [.. unreachable.Append(service).Distinct()]
            : [.. unreachable.Where(one => one != service)];
}
