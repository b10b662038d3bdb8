using ByokOperator.Reconciling;

namespace ByokOperator.Keys;

/// <summary>What a key's reconcile can do. None of it touches a key that the tenant keeps:
/// that is the tenant's.</summary>
internal abstract record KeyAct : Act
{
    private KeyAct()
    {
    }

    /// <summary>Puts our finalizer on the object with this UID.</summary>
    public sealed record Claim(string Uid) : KeyAct;

    /// <summary>Publishes what the tenant must allow; this digest is to stand afterwards.</summary>
    public sealed record PublishPolicy(string Digest) : KeyAct;

    /// <summary>Written once: refused where a canary stands for the region,
    /// for that one is what the stores trust.</summary>
    public sealed record SaveCanary(string Region, string Canary) : KeyAct;

    /// <summary>Keeps the spec as it is followed now, so that the key can be asked when its object is gone; refused
    /// where no canary is recorded.</summary>
    public sealed record RecordSpec(string Uid) : KeyAct;

    /// <summary>Takes the record of a key away whose object is gone; refused while a live look finds the object, or a
    /// store's record that names the key.</summary>
    public sealed record EndRecord(string Uid) : KeyAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Adds what a rotated key made beside its canary;
    /// refused unless the canary still is the one that this was proved with.</summary>
    public sealed record RenewCanary(string Region, CanaryRenewal Renewal) : KeyAct;

    /// <summary>
    /// Records the material that stores are let under from now on; refused where another one was recorded meanwhile,
    /// and where the spec asks for a confirmation that names another.
    /// </summary>
    public sealed record AcceptVersion(string Region, string? From, string Version) : KeyAct;

    /// <summary>Starts a clock; refused where it already runs, for the earlier time is the right one.</summary>
    public sealed record StartClock(string Region, Clock Clock, DateTimeOffset Since) : KeyAct;

    /// <summary>Stops the clock that was started at this time, and no other.</summary>
    public sealed record StopClock(string Region, Clock Clock, DateTimeOffset Since) : KeyAct;

    /// <summary>Takes our finalizer off the object with this UID;
    /// refused while a live look finds a store that uses the key.</summary>
    public sealed record Release(string Uid) : KeyAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Takes back the platform's own keys that the first object of this uid had; refused without the
    /// platform's consent at that moment, and where none of these names stands.</summary>
    public sealed record Adopt(string Uid, string Origin) : KeyAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>
    /// Writes down that a key is being made, makes and names it, and takes the note away; refused where a note stands,
    /// and where the decision is not fresh. Destructive
    /// in one sense: whoever makes keys after losing the lead leaves one that nobody sweeps.
    /// </summary>
    public sealed record CreateKey(string Region, DateTimeOffset Since) : KeyAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Names the key that the interrupted creation of this time left; once none can turn up any more,
    /// takes its note away.</summary>
    public sealed record ResumeCreation(string Region, DateTimeOffset Since) : KeyAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Schedules every key of this owner for deletion but the one to keep,
    /// then takes the note of this time away.</summary>
    public sealed record SweepKeys(string Region, DateTimeOffset Since, string? Keep) : KeyAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Hands a material over that the key is bound to, or the first one;
    /// refused where another one was uploaded meanwhile.</summary>
    public sealed record ImportMaterial(string Region, string KeyId, string Fingerprint, string? MaterialId) : KeyAct;

    /// <summary>Writes down which of the cloud's materials is which generation,
    /// in the place of one that the cloud holds no more.</summary>
    public sealed record NoteMaterial(string Region, int Generation, string MaterialId) : KeyAct;

    /// <summary>
    /// Binds the key to new material and hands it over beside what it has; refused where another one was uploaded
    /// meanwhile, where the spec asks for another generation,
    /// and where the key is bound to other material for this one. It can't be taken back.
    /// </summary>
    public sealed record ImportNewMaterial(string Region, string KeyId, string Fingerprint, int Generation) : KeyAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Makes the pending material current; refused while a live look finds a region with material that lacks
    /// this one. It can't be taken back.</summary>
    public sealed record RotateMaterial(string Region, string KeyId, int Generation) : KeyAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Takes every material out of the cloud's key;
    /// refused unless a live look still finds the tenant revoking.</summary>
    public sealed record WithdrawMaterial(string Region, string KeyId) : KeyAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Withdraws the material and schedules the key for deletion;
    /// refused while a live look finds a user of it.</summary>
    public sealed record DestroyKey(string Region, string KeyId) : KeyAct
    {
        public override bool IsDestructive => true;
    }
}
