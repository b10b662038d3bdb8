using ByokOperator.Reconciling;

namespace ByokOperator.Keys;

/// <summary>What a key's reconcile can do. None of it touches the tenant's key: that is the tenant's.</summary>
internal abstract record KeyAct : Act
{
    private KeyAct()
    {
    }

    /// <summary>Puts our finalizer on the object with this UID.</summary>
    public sealed record Claim(string Uid) : KeyAct;

    /// <summary>Publishes what the tenant must allow; this digest is to stand afterwards.</summary>
    public sealed record PublishPolicy(string Digest) : KeyAct;

    /// <summary>Written once: refused where a canary stands for the region, for that one is what the stores trust.</summary>
    public sealed record SaveCanary(string Region, string Canary) : KeyAct;

    /// <summary>Starts a clock; refused where it already runs, for the earlier time is the right one.</summary>
    public sealed record StartClock(string Region, Clock Clock, DateTimeOffset Since) : KeyAct;

    /// <summary>Stops the clock that was started at this time, and no other.</summary>
    public sealed record StopClock(string Region, Clock Clock, DateTimeOffset Since) : KeyAct;

    /// <summary>Takes our finalizer off the object with this UID; refused while a live look finds a store that uses the key.</summary>
    public sealed record Release(string Uid) : KeyAct
    {
        public override bool IsDestructive => true;
    }
}
