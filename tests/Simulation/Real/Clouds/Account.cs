using Cloud;
using Cloud.Keys;
using Cloud.Stores;

namespace Simulation.Real.Clouds;

/// <summary>All that stands in the clouds, the platform's and the tenants'.</summary>
internal sealed class Account
{
    public Account() => Imports = new PlatformKeys(Keys);

    public Dictionary<string, Bucket> Buckets { get; } = [];

    public Dictionary<string, CloudKey> Keys { get; } = [];

    /// <summary>Those of the platform's own.</summary>
    public PlatformKeys Imports { get; }

    /// <summary>Regions whose KMS says nothing of the platform's own keys.</summary>
    public HashSet<string> Silent { get; } = [];

    /// <summary>Objects can be put under another key where they stand:
    /// the keys are of the buckets' own account.</summary>
    public bool UpdatesInPlace { get; set; }

    /// <summary>Numbers every ciphertext and every fence.</summary>
    public int Made { get; set; }

    public Bucket? Find(string name) => Buckets.GetValueOrDefault(name);

    /// <summary>Clouds get to what they were asked for.</summary>
    public void Pass(DateTimeOffset now)
    {
        foreach (var account in Buckets.Values.OfType<StorageAccount>())
        {
            account.Wrap(this, now);
        }
    }

    public Bucket Add(Bucket bucket) => Buckets[bucket.Name] = bucket;

    /// <summary>Of what is in it: an account that is shut lets the operator's requests in no more than
    /// anybody's.</summary>
    public Bucket Reached(StoreRef store) => Find(store.Name) switch
    {
        null => throw new CloudException(new CloudProblem.NotFound("NoSuchBucket", "it does not exist"), "s3"),
        StorageAccount { IsNetworkShut: true, Door: not true } =>
            throw new CloudException(new CloudProblem.Forbidden("AuthorizationFailure", "no network leads there"),
                "blob"),
        { } there => there,
    };

    /// <summary>What a write that names this key is put under: a bucket's policy admits its default, what it was told
    /// to admit beside, and no other.</summary>
    public int Admitted(Bucket bucket, string id)
    {
        if (id == KeyRef.StoreManaged && bucket.KeyId is null)
        {
            return 0;
        }

        if (bucket is StorageAccount { RootKey: var root } account)
        {
            return Used(root).Opens(account.RootMaterial) ? account.RootMaterial
                : throw new CloudException(new CloudProblem.WrongKey("KeyReplaced", "another key wrapped it"), "blob");
        }

        var key = Used(id);
        return bucket.IsAdmitted(id)
            && bucket.Under("").All(entry => entry.IsMarker || entry.KeyId != id || key.Opens(entry.Material))
            ? key.Material
            : throw new CloudException(new CloudProblem.Forbidden("AccessDenied", "the policy admits another key"),
                "s3:PutObject");
    }

    /// <summary>Throws where the key that it stands under does not open it.</summary>
    public void Open(Entry entry)
    {
        if (!Used(entry.KeyId).Opens(entry.Material))
        {
            throw new CloudException(new CloudProblem.WrongKey("InvalidCiphertext", "another key made it"),
                "s3:GetObject");
        }
    }

    /// <summary>S3 asks the key each time, for writes and for reads; what its service says to that,
    /// it hands on.</summary>
    public CloudKey Used(string id) => Keys.GetValueOrDefault(id) switch
    {
        { IsUnreachable: true } =>
            throw new CloudException(new CloudProblem.Unreachable("KMS.Unreachable", "no answer came"), "s3"),
        { IsDisabled: false, Import: null or { IsGoing: false }, Material: not 0 } key => key,
        _ =>
            throw new CloudException(new CloudProblem.KeyUnusable("KMS.DisabledException", "the key can't be used now"),
                "s3"),
    };
}
