using System.Runtime.CompilerServices;
using Kube.Core.Kinds;

namespace ByokOperator.Records;

/// <summary>
/// What the ConfigMaps of late were read as: one reconcile asks for the same record a dozen times, and what the watch
/// holds is never changed in place. Of a fixed size, and forgets: a collision costs another reading,
/// never memory without end.
/// </summary>
internal static class RecordMemo<T>
    where T : class, IRecord<T>
{
    private const int Slots = 256;

    /// <summary>Few records are longer; those are read each time.</summary>
    private const int LongestKept = 16 * 1024;

    private static readonly Reading?[] slots = new Reading?[Slots]; // racing writers lose a reading, nothing else

    /// <param name="map">As the watch holds it.</param>
    /// <param name="read">Without a memory.</param>
    public static Reading Of(ConfigMap map, Func<ConfigMap, Reading> read)
    {
        ref var slot = ref slots[(uint)RuntimeHelpers.GetHashCode(map) % Slots];
        if (Volatile.Read(ref slot) is { } held && ReferenceEquals(held.Map, map))
        {
            return held;
        }

        var made = read(map);
        if (map.Data?.GetValueOrDefault(RecordCodec.TextEntry) is not { Length: > LongestKept })
        {
            Volatile.Write(ref slot, made);
        }

        return made;
    }

    /// <summary>One ConfigMap as it was read.</summary>
    /// <param name="Map">The very one.</param>
    /// <param name="Record">Null where it is no valid record of this kind.</param>
    /// <param name="Fault">Why; empty where there is one.</param>
    internal sealed record Reading(ConfigMap Map, T? Record, string Fault)
    {
        private volatile object? fitted; // not the key itself: whoever used it and ended is not to live on in here

        /// <summary>One has one key all its life: what fitted once fits. What did not may fit once the key is there,
        /// and is asked again.</summary>
        public bool Fits(RecordMacKey macKey)
        {
            if (ReferenceEquals(fitted, macKey.Identity))
            {
                return true;
            }

            var fits = macKey.Fits(Map.Metadata.Name, Map.Data![RecordCodec.TextEntry],
                Map.Data.GetValueOrDefault(RecordCodec.MacEntry));
            fitted = fits ? macKey.Identity : null;
            return fits;
        }
    }
}
