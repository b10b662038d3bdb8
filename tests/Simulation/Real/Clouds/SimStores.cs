using Cloud;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Simulation.Real.Clouds;

/// <summary>The control plane of buckets as one process reaches it.</summary>
internal sealed class SimStores(Account account, Line line, Action leave) : IObjectStores
{
    private const string Malformed = "MalformedPolicy";

    private static readonly Dictionary<string, string> nothing = [];

    public async Task<StoreDescription> DescribeAsync(StoreSpec spec, CancellationToken cancellation)
    {
        await line.Call(Domain.Buckets).BeforeAsync(cancellation);
        var ownership = OwnershipOf(spec);
        var bucket = account.Find(spec.Store.Name);
        IReadOnlyList<string> drift = ownership is StoreOwnership.Ours ? [.. Drift(bucket!, spec)] : [];
        return new StoreDescription(ownership, drift, bucket?.IsDenied == true, bucket?.KeyId, nothing,
            []) { KeepsVersions = bucket?.IsVersioned == true };
    }

    public async Task<StoreOwnership> OwnershipAsync(StoreSpec spec, CancellationToken cancellation)
    {
        await line.Call(Domain.Buckets).BeforeAsync(cancellation);
        return OwnershipOf(spec);
    }

    public Task PrepareAsync(StoreSpec spec, CancellationToken cancellation) => ChangeAsync(() =>
    {
        if (OwnershipOf(spec) is StoreOwnership.Absent)
        {
            account.Add(
                new Bucket(spec.Store.Name)
                {
                    Owner = spec.Owner,
                    MadeFor = spec.Owner,
                    RightOwner = spec.Owner,
                    Names = spec.Names,
                    IsVersioned = spec.Versioned,
                    KeyId = spec.Key.Id,
                });
            return;
        }

        var bucket = Ours(spec);
        (bucket.HasDrift, bucket.KeyId, bucket.Admits) = (false, spec.Key.Id, [.. spec.Admits.Select(key => key.Id)]);
        bucket.IsVersioned |= spec.Versioned;
    }, cancellation);

    public Task AdoptAsync(StoreSpec spec, CancellationToken cancellation) => ChangeAsync(() =>
    {
        var bucket = OwnershipOf(spec) is StoreOwnership.Earlier ? account.Buckets[spec.Store.Name] : Ours(spec);
        (bucket.Owner, bucket.RightOwner, bucket.Names) = (spec.Owner, spec.Owner, spec.Names);
    }, cancellation);

    public async Task<IReadOnlyList<EarlierStore>> FindEarlierAsync(
        StoreSpec spec, StoreSearch search, CancellationToken cancellation)
    {
        await line.Call(Domain.Buckets).BeforeAsync(cancellation);
        return
        [
            .. account.Buckets.Values.Where(bucket =>
                bucket.Name.StartsWith(search.Prefix, StringComparison.Ordinal) && !search.IsKnown(bucket.Name)
                    && (IsEarlier(bucket, spec) || IsOwn(bucket, spec)))
                .Select(bucket =>
                    new EarlierStore(bucket.Name, World.Region, bucket.MadeFor!) { IsOwn = IsOwn(bucket, spec) }),
        ];
    }

    public async Task<DenialOutcome> DenyAsync(StoreSpec spec, DenialOrder order, CancellationToken cancellation)
    {
        var call = line.Call(Domain.Buckets);
        await call.BeforeAsync(cancellation);
        leave();
        var bucket = order.MayClose(OwnershipOf(spec)) ? account.Buckets[spec.Store.Name] : Ours(spec);
        if (bucket.RefusesDenial)
        {
            throw new CloudException(new CloudProblem.Refused(Malformed, "the policy is refused in every form"),
                "s3:PutBucketPolicy");
        }

        var aside = bucket.Foreign is null ? null : order.Earlier is null ? bucket.Foreign
            : $"{order.Earlier} {bucket.Foreign}";
        var isKept = aside is null || await order.TryKeepAsync(aside, line.Time, cancellation);
        (bucket.IsDenied, bucket.Foreign) = (true, null);
        bucket.MayLoseForeign |= !isKept;
        call.After();
        return aside is null ? DenialOutcome.Whole : new DenialOutcome(aside, isKept, Malformed);
    }

    public async Task<IReadOnlyList<NotPutBack>> AllowAsync(
        StoreSpec spec, string? setAside, CancellationToken cancellation)
    {
        await ChangeAsync(() =>
        {
            var bucket = Ours(spec);
            (bucket.IsDenied, bucket.Foreign) = (false, setAside ?? bucket.Foreign);
        }, cancellation);
        return [];
    }

    public async Task<SharedDescription> DescribeSharedAsync(
        SharedRef shared, string owner, CancellationToken cancellation)
    {
        await line.Call(Domain.Buckets).BeforeAsync(cancellation);
        return account.Find(shared.Store.Name) is { } bucket
            ? Described(bucket, shared.Prefix, owner)
            : new SharedDescription(false, false, true, null, 0, []);
    }

    public async Task<SharedDefault?> SharedDefaultAsync(StoreRef shared, CancellationToken cancellation)
    {
        await line.Call(Domain.Buckets).BeforeAsync(cancellation);
        return account.Reached(shared).Default;
    }

    public async Task<string> RaiseFenceAsync(SharedRef shared, string owner, CancellationToken cancellation)
    {
        var token = "";
        await ChangeAsync(() =>
        {
            var bucket = account.Reached(shared.Store);
            var fences = bucket.Fences;
            if (bucket.RefusesFences && !fences.ContainsKey(owner))
            {
                throw new CloudException(new CloudProblem.Conflict("PolicyFull", "no room"), "s3:PutBucketPolicy");
            }

            fences.TryAdd(owner, (shared.Prefix, $"f{++account.Made}", line.Time.Now));
            token = fences[owner].Token;
        }, cancellation);
        return token;
    }

    public Task LiftFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        ChangeAsync(() => account.Buckets[shared.Store.Name].Fences.Remove(owner), cancellation);

    public Task DeleteAsync(StoreSpec spec, CancellationToken cancellation) => ChangeAsync(() =>
    {
        if (OwnershipOf(spec) is StoreOwnership.Absent)
        {
            return;
        }

        if (!Ours(spec).IsEmpty)
        {
            throw new CloudException(new CloudProblem.Conflict("BucketNotEmpty", "something is left in it"),
                "s3:DeleteBucket");
        }

        account.Buckets.Remove(spec.Store.Name);
    }, cancellation);

    private static IEnumerable<string> Drift(Bucket bucket, StoreSpec spec)
    {
        if (bucket.HasDrift || bucket.KeyId != spec.Key.Id)
        {
            yield return "Encryption";
        }

        if (!bucket.Admits.SequenceEqual(spec.Admits.Select(key => key.Id)))
        {
            yield return "Policy";
        }

        if (spec.Versioned && !bucket.IsVersioned)
        {
            yield return "Versioning";
        }
    }

    private static SharedDescription Described(Bucket bucket, string prefix, string owner)
    {
        (string, string Token, DateTimeOffset At)? fence = bucket.Fences.TryGetValue(owner, out var standing) ? standing
            : null;
        return new SharedDescription(true, bucket.IsVersioned, IsEmpty(bucket, prefix), fence?.Token, 0, [])
        {
            FencedSince = fence?.At,
            KeepsVersions = bucket.IsVersioned,
        };
    }

    /// <summary>Of another object of the same names, as its tag tells.</summary>
    private static bool IsEarlier(Bucket bucket, StoreSpec spec) =>
        bucket.Owner is { } owner && owner != spec.Owner && owner == bucket.RightOwner
        && spec is { Takes: not null, Names: { } names } && bucket.Names is { } tag
        && (names.Tenant, names.Namespace, names.Name) == (tag.Tenant, tag.Namespace, tag.Name);

    private static bool IsEmpty(Bucket bucket, string prefix) => prefix.Length > 0 ? !bucket.HasAnyUnder(prefix)
        : bucket.Under("").All(entry => entry.Key.StartsWith(Mark.Root, StringComparison.Ordinal));

    private static bool IsOwn(Bucket bucket, StoreSpec spec) =>
        bucket.Owner == spec.Owner && bucket.Name != spec.Store.Name;

    private StoreOwnership OwnershipOf(StoreSpec spec) => account.Find(spec.Store.Name) switch
    {
        null => StoreOwnership.Absent,
        { IsForbidden: true } => StoreOwnership.Forbidden,
        { Owner: null } => StoreOwnership.Unmarked,
        { Owner: { } owner } when owner == spec.Owner => StoreOwnership.Ours,
        { } bucket when IsEarlier(bucket, spec)
            && (spec.Takes is "" || spec.Takes == bucket.MadeFor) => StoreOwnership.Earlier,
        _ => StoreOwnership.Stranger,
    };

    private Bucket Ours(StoreSpec spec) => OwnershipOf(spec) switch
    {
        StoreOwnership.Ours => account.Buckets[spec.Store.Name],
        StoreOwnership.Absent =>
            throw new CloudException(new CloudProblem.NotFound("NoSuchBucket", "it does not exist"), "s3"),
        _ => throw new CloudException(new CloudProblem.Conflict("NotOurs", "it is somebody else's"), "s3"),
    };

    private async Task ChangeAsync(Action change, CancellationToken cancellation)
    {
        var call = line.Call(Domain.Buckets);
        await call.BeforeAsync(cancellation);
        leave();
        change();
        call.After();
    }
}
