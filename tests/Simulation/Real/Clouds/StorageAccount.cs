namespace Simulation.Real.Clouds;

/// <summary>
/// An account on Azure with its one container, as it really is: everything in it lies under one root key, which a key
/// in a vault wraps, and it is shut way by way.
/// </summary>
internal sealed class StorageAccount(string name) : Bucket(name)
{
    /// <summary>What the root key is wrapped by; <see cref="Bucket.KeyId"/> is what somebody asked for.</summary>
    public required string RootKey { get; set; }

    public required int RootMaterial { get; set; }

    /// <summary>When the cloud gets to wrapping it anew.</summary>
    public DateTimeOffset WrapsAt { get; set; }

    /// <summary>Of the key that was asked for, as it was then.</summary>
    public int AskedMaterial { get; set; }

    /// <summary>What is sealed to the container.</summary>
    public string? Pin { get; set; }

    public bool IsNetworkShut { get; set; }

    /// <summary>Whoever has an account key gets in: by default nobody does.</summary>
    public bool AllowsKeys { get; set; }

    /// <summary>The workloads' role stands.</summary>
    public bool HasRole { get; set; }

    /// <summary>A private endpoint, which no network rule shuts; null where nobody made one. False: rejected by the
    /// operator.</summary>
    public bool? Door { get; set; }

    /// <summary>The operator's mark of a closing that was begun.</summary>
    public bool IsMarked { get; set; }

    /// <summary>And of one that was done.</summary>
    public DateTimeOffset? ShutAt { get; set; }

    /// <summary>Nobody gets in, whatever is known of it.</summary>
    public override bool IsDenied
    {
        get => IsNetworkShut && !AllowsKeys && !HasRole && Door != true;
        set
        {
            (IsNetworkShut, AllowsKeys, HasRole, IsMarked) = (value, false, !value, value);
            Door = Door is null ? null : !value;
            ShutAt = value ? DateTimeOffset.MinValue : null;
        }
    }

    /// <summary>Some of it is shut, and some is not: nobody can use it, and somebody might.</summary>
    public bool IsHalfShut => !IsDenied && (IsNetworkShut || !HasRole || Door == false);

    public override bool LetsIn => (!IsNetworkShut || Door == true) && (HasRole || AllowsKeys);

    public override Entry Write(Entry entry) => base.Write(entry with { KeyId = RootKey, Material = RootMaterial });

    /// <summary>The cloud wraps the root key by the one that was asked for, once both let it.</summary>
    public void Wrap(Account account, DateTimeOffset now)
    {
        if (KeyId is not { } wanted || wanted == RootKey || now < WrapsAt
            || !account.Keys[RootKey].Works(RootMaterial) || !account.Keys[wanted].Works(AskedMaterial))
        {
            return;
        }

        (RootKey, RootMaterial) = (wanted, AskedMaterial);
        foreach (var entry in Under("").Where(entry => !entry.IsMarker).ToList())
        {
            Replace(entry, entry with { KeyId = RootKey, Material = RootMaterial });
        }
    }
}
