using ByokOperator.Api;
using Kube.Core;

namespace ByokOperator.Cluster;

/// <summary>What is followed of a store that can't be read: how it stood; else where it was put,
/// and then nothing is done but closing.</summary>
internal static class StoreSalvage
{
    public static EncryptedStore? Follow(Quarantined bad, EncryptedStore? last) =>
        last is null ? null : last with { Metadata = bad.Metadata };

    /// <summary>One that this process never read, for its record to say where it is.</summary>
    public static EncryptedStore Unplaced(Quarantined bad) => new()
    {
        Metadata = bad.Metadata with
        {
            DeletionTimestamp = null,
            Annotations = new Dictionary<string, string>(bad.Metadata.Annotations
                ?? new Dictionary<string, string>()) { [Labels.Paused] = "true" },
        },
    };
}
