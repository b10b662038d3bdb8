using Kube.Core.Json;

namespace ByokOperator.Records;

/// <summary>One generation of an imported key's material, as the key was bound to it.
/// Nothing in it tells the material.</summary>
/// <param name="Generation">As <c>spec.imported.generation</c> was when it was handed over, from 1.</param>
/// <param name="Fingerprint">Hexadecimal; tells two materials apart. Never the key hash.</param>
/// <param name="Since">When the key was bound to it: before it was imported anywhere.</param>
internal sealed record KeyRecordMaterial(int Generation, string Fingerprint, DateTimeOffset Since)
{
    /// <summary>The cloud's own name for it, by region; none where it was not imported yet,
    /// or that is not written down yet.</summary>
    public IReadOnlyDictionary<string, string> Ids { get; init => field = Entries.Of(value) ?? NoIds; } = NoIds;

    private static IReadOnlyDictionary<string, string> NoIds { get; } = new Dictionary<string, string>();

    /// <summary>What was written down before gives way: that region's key is another one by now,
    /// or its vault's version.</summary>
    public KeyRecordMaterial Under(string region, string id) => Ids.GetValueOrDefault(region) == id
        ? this
        : this with
        {
            Ids = new SortedDictionary<string, string>(Ids.ToDictionary(), StringComparer.Ordinal) { [region] = id },
        };
}
