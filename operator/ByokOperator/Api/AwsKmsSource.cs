using Kube.Core.Json;

namespace ByokOperator.Api;

public sealed record AwsKmsSource
{
    public IReadOnlyList<AwsKmsKey> Keys { get; init => field = Entries.Of(value); } = [];
}
