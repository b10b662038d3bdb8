using Kube.Core.Json;

namespace ByokOperator.Api;

public sealed record LabelSelector
{
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init => field = Entries.Of(value); }
}
