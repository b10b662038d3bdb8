namespace LocalCloud.Azure;

/// <summary>Conditions of all of Azure that a test turns on and off.</summary>
internal sealed class AzureSwitches
{
    /// <summary>Services whose connections are reset: <c>entra</c>, <c>arm</c>, <c>keyvault</c>, <c>blob</c>.</summary>
    private volatile string[] unreachable = [];

    private long roleLagTicks;
    private long keyLagTicks;
    private long operationTicks;
    private long copyTicks;
    private long tokenTicks = TimeSpan.FromSeconds(3599).Ticks;

    /// <summary>How long role assignments, made and removed, take to count.</summary>
    public TimeSpan RoleLag
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref roleLagTicks));
        set => Interlocked.Exchange(ref roleLagTicks, value.Ticks);
    }

    /// <summary>How long Storage goes on serving after a key went.</summary>
    public TimeSpan KeyLag
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref keyLagTicks));
        set => Interlocked.Exchange(ref keyLagTicks, value.Ticks);
    }

    /// <summary>How long ARM works on a storage account, on the cloud's clock. 0: done at the first look.</summary>
    public TimeSpan OperationTime
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref operationTicks));
        set => Interlocked.Exchange(ref operationTicks, value.Ticks);
    }

    /// <summary>How long Copy Blob is pending, on the cloud's clock. 0: done when it is accepted.</summary>
    public TimeSpan CopyTime
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref copyTicks));
        set => Interlocked.Exchange(ref copyTicks, value.Ticks);
    }

    public TimeSpan TokenLifetime
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref tokenTicks));
        set => Interlocked.Exchange(ref tokenTicks, value.Ticks);
    }

    /// <summary>ARM points to a status document (Azure-AsyncOperation) instead of the result (Location).</summary>
    public bool UseStatusDocuments { get; set; }

    public bool IsUnreachable(string service) => unreachable.Contains(service);

    public void SetUnreachable(string service, bool value) =>
        unreachable = value ? [.. unreachable.Append(service).Distinct()] : [.. unreachable.Where(one => one != service)];
}
