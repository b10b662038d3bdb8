using ByokOperator.Api;
using Kube.Core;
using Kube.Runtime.Informers;

namespace ByokOperator.Cluster;

/// <summary>
/// What of an object that tenants can write is kept in memory. They may put a quarter of a megabyte of annotations on
/// each; what nothing reads is dropped as soon as it was read.
/// </summary>
internal static class Trims
{
    /// <summary>As long as status may echo one; a name typed for consent has 63 characters.</summary>
    private const int LongestNote = 1_024;

    /// <summary>More than all that this product has.</summary>
    private const int MostNotes = 16;

    private const string Ours = "byok.dev/";

    public static InformerOptions<TenantEncryptionKey> Keys { get; } =
        new() { Trim = key => key with { Metadata = Wish(key.Metadata) }, Follow = KeySalvage.Follow };

    public static InformerOptions<EncryptedStore> Stores { get; } =
        new() { Trim = store => store with { Metadata = Wish(store.Metadata) }, Follow = StoreSalvage.Follow };

    /// <summary>One that can't be read is followed as it stood.</summary>
    public static InformerOptions<Tenant> Tenants { get; } =
        new() { Trim = tenant => tenant with { Metadata = Wish(tenant.Metadata) } };

    /// <summary>An object of our own kinds: nothing reads its labels or owners.</summary>
    private static ObjectMeta Wish(ObjectMeta metadata) => metadata with
    {
        Annotations = Notes(metadata.Annotations),
        Labels = null,
        OwnerReferences = null,
        GenerateName = null,
    };

    private static Dictionary<string, string>? Notes(IReadOnlyDictionary<string, string>? all) =>
        all?.Where(note =>
            note.Key.StartsWith(Ours, StringComparison.Ordinal) && note.Value is { Length: <= LongestNote })
            .OrderBy(note => note.Key, StringComparer.Ordinal).Take(MostNotes).ToDictionary() is { Count: > 0 } kept
                ? kept : null;
}
