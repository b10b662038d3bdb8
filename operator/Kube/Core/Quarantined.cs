using System.Buffers;
using System.Text.Json;
using Kube.Core.Kinds;

namespace Kube.Core;

/// <summary>
/// An object that stands in the API and can't be read. It is bad news about one object: its page, its watch and its
/// neighbours go on without it.
/// </summary>
/// <param name="Metadata">As far as it could be read; without a name where even that could not be.</param>
/// <param name="Reason">The field and what is wrong with it, such as <c>spec.size: not a whole number</c>;
/// never what stands there.</param>
public sealed record Quarantined(ObjectMeta Metadata, string Reason)
{
    /// <summary>What of <see cref="IResource{TSelf}.Salvaged"/> stands there as a short text, by path.</summary>
    public IReadOnlyDictionary<string, string> Salvaged { get; init; } = new Dictionary<string, string>();

    public ObjectKey Key => Metadata.Key;

    /// <summary>Nobody knows which object it is.</summary>
    public bool IsNameless => Metadata.Name.Length == 0;

    /// <summary>What is known of an object whose reading failed.</summary>
    /// <param name="json">The object alone, well-formed.</param>
    /// <param name="failure">Why it can't be read.</param>
    internal static Quarantined Of<T>(in ReadOnlySequence<byte> json, Exception failure)
        where T : class, IResource<T> =>
        new(MetadataOf(json), UnreadableReason.Of(failure)) { Salvaged = TolerantRead.Texts(json, T.Salvaged) };

    private static ObjectMeta MetadataOf(in ReadOnlySequence<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return JsonSerializer.Deserialize(ref reader, CoreJson.Default.MetadataEnvelope)?.Metadata ?? new();
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException)
        {
            return TolerantRead.Address(json);
        }
    }
}
