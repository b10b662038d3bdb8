using System.Text.Json.Serialization;
using Kube.Core.Json;

namespace Kube.Core.Kinds;

public sealed record ContainerTerminated
{
    public int ExitCode { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    [JsonConverter(typeof(TimeJson))]
    public DateTimeOffset? FinishedAt { get; init; }
}
