using System.Text.Json.Serialization;
using Kube.Core.Json;

namespace Kube.Core.Kinds;

/// <summary><c>Complete</c>, <c>Failed</c>, <c>Suspended</c>, <c>FailureTarget</c> or <c>SuccessCriteriaMet</c>; older
/// servers leave the reason out.</summary>
public sealed record JobCondition
{
    public string Type { get; init => field = value ?? ""; } = "";

    public string Status { get; init => field = value ?? ""; } = "";

    public string? Reason { get; init; }

    public string? Message { get; init; }

    [JsonConverter(typeof(TimeJson))]
    public DateTimeOffset? LastTransitionTime { get; init; }
}
