using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ByokOperator.Api;
using ByokOperator.Records;

namespace ByokOperator.Cluster;

/// <summary>Every name that is derived from a store, in one place: deterministic,
/// so that "already exists" is success.</summary>
internal static class StoreNames
{
    /// <summary>The bucket, or <c>account/container</c>: as the spec has it,
    /// else a name that no other store can have.</summary>
    public static string Place(EncryptedStore store) =>
        StorePlace.Of(store.Spec).NameFor(store.Tenant, store.Identity, store.Number);

    /// <summary>What is the store's alone: a bucket, an account.</summary>
    public static string Holder(EncryptedStore store) => StorePlace.HolderOf(Place(store));

    public static string BindingOf(string storeName) => storeName + "-binding";

    public static string ReportOf(string storeName) => storeName + "-report";

    public static string Binding(EncryptedStore store) => BindingOf(store.Metadata.Name);

    public static string Report(EncryptedStore store) => ReportOf(store.Metadata.Name);

    /// <summary>Names our grant on the tenant's key.</summary>
    public static string Grant(EncryptedStore store) => $"byok-{store.Identity}";

    /// <summary>Source, target and key: what a receipt vouches for, whatever else changes in the spec.
    /// 12 hex digits.</summary>
    public static string Scope(EncryptedStore store, string keyId)
    {
        var place = StorePlace.Of(store.Spec);
        return Digest(store.Identity, place.Shared?.Name, place.Shared?.Prefix, place.Region, Place(store), keyId);
    }

    /// <summary>The scope and how it is copied; names copies, so that evidence of another way of copying is invisible.
    /// 12 hex digits.</summary>
    public static string Spec(EncryptedStore store, string keyId) => Digest(
        Scope(store, keyId), store.Spec.Migration.Verification, $"{store.Spec.Migration.Parallelism}",
        StorePlace.Of(store.Spec).BucketKey ? "On" : "Off");

    /// <summary>What whoever consents to a return has to type.</summary>
    public static string ReturnConsent(EncryptedStore store) => $"{store.Metadata.Name}/{store.Spec.KeyRef?.Name}";

    /// <summary>The same as <see cref="Scope"/>, of the way back. One that is begun anew has another hold: evidence of
    /// the first proves nothing of it. 12 hex digits.</summary>
    public static string ReturnScope(EncryptedStore store, StoreReturn back)
    {
        var place = StorePlace.Of(store.Spec);
        return Digest("return", store.Identity, place.Shared?.Name, place.Shared?.Prefix, place.Region, Place(store),
            back.Hold, back.Encryption, back.KeyId);
    }

    /// <summary>The same as <see cref="Spec"/>, of the way back. 12 hex digits.</summary>
    public static string ReturnSpec(EncryptedStore store, StoreReturn back) => Digest(
        ReturnScope(store, back), store.Spec.Migration.Verification, $"{store.Spec.Migration.Parallelism}",
        back.BucketKey ? "On" : "Off");

    /// <summary>The same as <see cref="Scope"/>, of a move to the next bucket. One that is begun anew began at another
    /// time: evidence of the first proves nothing of it. 12 hex digits.</summary>
    /// <param name="store">Which.</param>
    /// <param name="from">The bucket that is left.</param>
    /// <param name="to">The next one.</param>
    /// <param name="next">The next one, as recorded.</param>
    public static string NextScope(EncryptedStore store, string from, string to, StoreBucket next) => Digest(
        "next", store.Identity, from, to, next.KeyId,
        next.BegunAt?.UtcTicks.ToString(CultureInfo.InvariantCulture));

    /// <summary>The same as <see cref="Spec"/>, of a move to the next bucket. 12 hex digits.</summary>
    /// <param name="store">Which.</param>
    /// <param name="scope">Of that move.</param>
    public static string NextSpec(EncryptedStore store, string scope) => Digest(
        scope, store.Spec.Migration.Verification, $"{store.Spec.Migration.Parallelism}",
        StorePlace.Of(store.Spec).BucketKey ? "On" : "Off");

    /// <summary>Which objects are put under which key, and how it is shared out: names the run that does it.
    /// 12 hex digits.</summary>
    /// <param name="store">Which.</param>
    /// <param name="keyId">Of the key that the default is on.</param>
    /// <param name="terms">What the run goes by besides.</param>
    public static string Reencryption(EncryptedStore store, string keyId, IEnumerable<string> terms) =>
        Digest(
            [store.Identity, Place(store), keyId, $"{store.Spec.Migration.Parallelism}",
                StorePlace.Of(store.Spec).BucketKey ? "On" : "Off", .. terms]);

    private static string Digest(params ReadOnlySpan<string?> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..12];
}
