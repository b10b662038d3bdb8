using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Kube.Core.Kinds;

/// <summary>Work that ends.</summary>
public sealed record Job : IResource<Job>
{
    public static ResourceKind Kind { get; } = new("batch", "v1", "Job", "jobs");

    public static JsonTypeInfo<Job> Json => CoreJson.Default.Job;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public JobSpec Spec { get; init => field = value ?? new(); } = new();

    public V1JobStatus? Status { get; init; }
}
