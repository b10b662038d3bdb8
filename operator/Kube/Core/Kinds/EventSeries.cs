using System.Text.Json.Serialization;
using Kube.Core.Json;

namespace Kube.Core.Kinds;

/// <summary>How often it happened again.</summary>
public sealed record EventSeries
{
    public int Count { get; init; }

    [JsonConverter(typeof(MicroTimeJson))]
    public DateTimeOffset? LastObservedTime { get; init; }
}
