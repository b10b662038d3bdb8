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

/// <summary>Namespace and name: what a queue holds. Cluster-scoped objects have an empty namespace.</summary>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}

/// <summary>A dependant's pointer to its owner, in the same namespace; the garbage collector follows it.</summary>
public sealed record OwnerReference
{
    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    public bool? Controller { get; init; }

    public bool? BlockOwnerDeletion { get; init; }
}
