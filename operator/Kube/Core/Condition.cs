using System.Text.Json.Serialization;
using Kube.Core.Json;

namespace Kube.Core;

/// <summary>One entry of <c>status.conditions</c>, as metav1.Condition has it.</summary>
public sealed record Condition
{
    public required string Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public required string Status { get; init; }

    /// <summary>CamelCase, for machines; never empty.</summary>
    public required string Reason { get; init; }

    /// <summary>For people, on one line; stable between tries (no ids, times or counts that change per try).</summary>
    public string Message { get; init => field = Printable.Of(value ?? ""); } = "";

    public long? ObservedGeneration { get; init; }

    [JsonConverter(typeof(DisplayTimeJson))]
    public DateTimeOffset LastTransitionTime { get; init; }
}
