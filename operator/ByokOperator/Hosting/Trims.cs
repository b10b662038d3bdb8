using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Stores;
using Kube.Core;
using Kube.Runtime.Watching;

namespace ByokOperator.Hosting;

/// <summary>
/// What of an object that tenants can write is kept in memory. They may put a quarter of a megabyte of annotations on each; what
/// nothing reads is dropped as soon as it was read.
/// </summary>
internal static class Trims
{
    /// <summary>Objects per page of lists whose objects are as large as tenants like: a page of the largest is a few megabytes.</summary>
    public const int PageSize = 50;

    /// <summary>As long as status may echo one; a name typed for consent has 63 characters.</summary>
    private const int LongestNote = 1_024;

    /// <summary>More than all that this product has.</summary>
    private const int MostNotes = 16;

    private const string Ours = "byok.dev/";

    public static StoreOptions<TenantEncryptionKey> Keys { get; } = new() { Trim = key => key with { Metadata = Wish(key.Metadata) }, Follow = KeySalvage.Follow };

    public static StoreOptions<EncryptedStore> Stores { get; } = new() { Trim = store => store with { Metadata = Wish(store.Metadata) }, Follow = StoreSalvage.Follow };

    /// <summary>One that can't be read is followed as it stood.</summary>
    public static StoreOptions<Tenant> Tenants { get; } = new() { Trim = tenant => tenant with { Metadata = Wish(tenant.Metadata) } };

    /// <param name="endings">Of the names of what the operator makes; a label alone makes nothing its child. None: every name.</param>
    public static StoreOptions<PartialObject<T>> Children<T>(params string[] endings)
        where T : class, IResource<T> => new()
        {
            Trim = child => child with { Metadata = Child(child.Metadata) },
            Wants = endings.Length == 0 ? null : child => Array.Exists(endings, ending => child.Name.EndsWith(ending, StringComparison.Ordinal)),
        };

    /// <summary>An object of our own kinds: nothing reads its labels or owners.</summary>
    private static ObjectMeta Wish(ObjectMeta metadata) => metadata with
    {
        Annotations = Notes(metadata.Annotations),
        Labels = null,
        OwnerReferences = null,
        GenerateName = null,
    };

    /// <summary>A child of the operator's in a tenant's namespace, or an upload: which object it belongs to and what it says in our words.</summary>
    private static ObjectMeta Child(ObjectMeta metadata) => metadata with
    {
        Annotations = Notes(metadata.Annotations),
        Labels = Notes(metadata.Labels),
        OwnerReferences = metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller is true) is { } owner ? [owner] : null,
        Finalizers = null,
        GenerateName = null,
    };

    private static Dictionary<string, string>? Notes(IReadOnlyDictionary<string, string>? all) =>
        all?.Where(note => note.Key.StartsWith(Ours, StringComparison.Ordinal) && note.Value is { Length: <= LongestNote })
            .OrderBy(note => note.Key, StringComparer.Ordinal).Take(MostNotes).ToDictionary() is { Count: > 0 } kept ? kept : null;
}
