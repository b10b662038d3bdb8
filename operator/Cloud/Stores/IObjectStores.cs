namespace Cloud.Stores;

/// <summary>The control plane of stores. Describe never modifies; every verb is idempotent, small, and throws
/// <see cref="CloudException"/>.</summary>
public interface IObjectStores
{
    Task<StoreDescription> DescribeAsync(StoreSpec spec, CancellationToken cancellation);

    /// <summary>Whose it is and nothing else: what an act asks right before it changes anything.</summary>
    async Task<StoreOwnership> OwnershipAsync(StoreSpec spec, CancellationToken cancellation) =>
        (await DescribeAsync(spec, cancellation)).Ownership;

    /// <summary>Creates what is absent and mends what drifted, nothing else. Refuses (Conflict) a stranger's store. A
    /// store that is denied stays denied.</summary>
    Task PrepareAsync(StoreSpec spec, CancellationToken cancellation);

    /// <summary>
    /// Places of ours that bear this store's tenant, namespace and name and another owner's uid, or this one's and
    /// another name than is asked about, whoever knows of them: those that derived names lead to, and the one that the
    /// spec names. Asked before a place is made, so that no second one is made beside the first.
    /// </summary>
    Task<IReadOnlyList<EarlierStore>> FindEarlierAsync(
        StoreSpec spec, StoreSearch search, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<EarlierStore>>([]);

    /// <summary>
    /// Writes this owner on the tag of a place that is <see cref="StoreOwnership.Earlier"/>; says nothing where it is
    /// its own already. Refuses (Conflict, code <c>NotOurs</c>) everything else. Nothing but the tag changes:
    /// whether it is closed, and who gets in.
    /// </summary>
    Task AdoptAsync(StoreSpec spec, CancellationToken cancellation);

    /// <summary>
    /// Writes a short text to the store that stays readable while it is denied. False where there is no need for one,
    /// because the operator reads its marks in a denied store too.
    /// </summary>
    Task<bool> WritePinAsync(StoreSpec spec, string pin, CancellationToken cancellation) => Task.FromResult(false);

    /// <summary>What <see cref="WritePinAsync"/> wrote; null for nothing.</summary>
    Task<string?> ReadPinAsync(StoreRef store, CancellationToken cancellation) => Task.FromResult<string?>(null);

    /// <summary>
    /// What a <see cref="DescribeAsync"/> that fails can still be asked: it looks at nothing that closing does not
    /// need. Throws only where the denial itself can't be seen.
    /// </summary>
    async Task<DenialLook> LookAtDenialAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var seen = await DescribeAsync(spec, cancellation);
        return new DenialLook(seen.Ownership, seen.IsDenied, seen.SettlesAt);
    }

    /// <summary>
    /// Closing: nobody but the operator's own role may read, list, write or delete. It is done in whatever form the
    /// cloud takes; what stands in the way gives way. Refuses a stranger's store (Conflict, code <c>NotOurs</c>), and
    /// throws what the cloud refused where it takes no form at all. What was done by then stays done.
    /// </summary>
    Task<DenialOutcome> DenyAsync(StoreSpec spec, DenialOrder order, CancellationToken cancellation);

    /// <summary>Opening: takes the closing away and nothing else, and puts back what it had set aside.</summary>
    /// <returns>What the cloud takes no more.</returns>
    Task<IReadOnlyList<NotPutBack>> AllowAsync(StoreSpec spec, string? setAside, CancellationToken cancellation);

    Task<SharedDescription> DescribeSharedAsync(SharedRef shared, string owner, CancellationToken cancellation);

    /// <summary>How the place encrypts what says nothing of it; null where it is encrypted as a whole,
    /// or nothing tells.</summary>
    Task<SharedDefault?> SharedDefaultAsync(StoreRef shared, CancellationToken cancellation) =>
        Task.FromResult<SharedDefault?>(null);

    /// <summary>
    /// Denies writes and deletes under the prefix to everyone but the operator's own role, merged into the policy that
    /// stands there. Returns the token in force: an already standing fence of this owner keeps its token,
    /// which has at most 16 characters: Jobs are called after it. Conflict
    /// with code <c>PolicyFull</c> when 20 KB do not hold it.
    /// </summary>
    Task<string> RaiseFenceAsync(SharedRef shared, string owner, CancellationToken cancellation);

    /// <summary>Takes this owner's fence away; foreign statements stay as they are.</summary>
    Task LiftFenceAsync(SharedRef shared, string owner, CancellationToken cancellation);

    /// <summary>
    /// Takes everything out of a denied store at once, where its cloud shuts the operator's deletes out of it too.
    /// False where the operator lists and deletes in it.
    /// </summary>
    Task<bool> EmptyDeniedAsync(StoreSpec spec, CancellationToken cancellation) => Task.FromResult(false);

    /// <summary>Deletes an emptied store that is ours. Conflict when anything is left in it.</summary>
    Task DeleteAsync(StoreSpec spec, CancellationToken cancellation);
}

/// <summary>Something that was set aside and that the cloud does not take any more.</summary>
/// <param name="What">A statement's Sid or what it says, shortened; on Azure the connection's name.</param>
public sealed record NotPutBack(string What, string Code, string Message);
