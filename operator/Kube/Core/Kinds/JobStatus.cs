using System.Text.Json.Serialization;
using Kube.Core.Json;

namespace Kube.Core.Kinds;

public sealed record JobStatus
{
    public int? Active { get; init; }

    public int? Ready { get; init; }

    public int? Succeeded { get; init; }

    public int? Failed { get; init; }

    [JsonConverter(typeof(TimeJson))]
    public DateTimeOffset? CompletionTime { get; init; }

    public string? CompletedIndexes { get; init; }

    public string? FailedIndexes { get; init; }

    public IReadOnlyList<JobCondition>? Conditions { get; init; }
}
