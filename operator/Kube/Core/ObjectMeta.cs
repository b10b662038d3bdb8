using System.Text.Json.Serialization;
using Kube.Core.Json;

namespace Kube.Core;

/// <summary>The metadata fields that a controller reads or applies; unknown ones are ignored on read.</summary>
public sealed record ObjectMeta
{
    public string Name { get; init => field = value ?? ""; } = "";

    public string? GenerateName { get; init; }

    public string? Namespace { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public long? Generation { get; init; }

    [JsonConverter(typeof(TimeJson))]
    public DateTimeOffset? CreationTimestamp { get; init; }

    [JsonConverter(typeof(TimeJson))]
    public DateTimeOffset? DeletionTimestamp { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyList<string>? Finalizers { get; init; }

    public IReadOnlyList<OwnerReference>? OwnerReferences { get; init; }

    /// <summary>What a queue holds for this object.</summary>
    [JsonIgnore]
    public ObjectKey Key => new(Namespace ?? "", Name);
}
