namespace LocalCloud.Faults;

/// <summary>Conditions of the whole cloud that a test turns on and off.</summary>
internal sealed class CloudSwitches
{
    private volatile bool kmsUnreachable;
    private volatile bool kmsQuotas;

    /// <summary>KMS throttles what goes over its request quotas.</summary>
    public bool KmsQuotas
    {
        get => kmsQuotas;
        set => kmsQuotas = value;
    }

    /// <summary>KMS answers nobody, S3 included.</summary>
    public bool KmsUnreachable
    {
        get => kmsUnreachable;
        set => kmsUnreachable = value;
    }

    /// <summary>How long S3 goes on using a key after it was disabled or scheduled for deletion.</summary>
    public TimeSwitch DisableLag { get; } = new();

    /// <summary>How long ListKeys leaves a new key out.</summary>
    public TimeSwitch KeyListLag { get; } = new();

    /// <summary>How long a new grant is visible only to whoever shows its token.</summary>
    public TimeSwitch GrantLag { get; } = new();
}
