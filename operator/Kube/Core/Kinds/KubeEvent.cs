using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;
using Kube.Core.Json;

namespace Kube.Core.Kinds;

/// <summary>Something a person may want to know about an object.</summary>
public sealed record KubeEvent : IResource<KubeEvent>
{
    public static ResourceKind Kind { get; } = new("events.k8s.io", "v1", "Event", "events");

    public static JsonTypeInfo<KubeEvent> Json => CoreJson.Default.KubeEvent;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    [JsonConverter(typeof(MicroTimeJson))]
    public DateTimeOffset? EventTime { get; init; }

    /// <summary>Set from the second time on.</summary>
    public Eventsv1EventSeries? Series { get; init; }

    public string? ReportingController { get; init; }

    public string? ReportingInstance { get; init; }

    public string? Action { get; init; }

    public string? Reason { get; init; }

    public V1ObjectReference? Regarding { get; init; }

    /// <summary>At most 1024 bytes; the server refuses more.</summary>
    public string? Note { get; init; }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string? Type { get; init; }
}
