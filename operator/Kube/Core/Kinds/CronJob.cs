using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kube.Core.Kinds;

/// <summary>Only what suspending needs; never apply one whole.</summary>
public sealed record CronJob : IResource<CronJob>
{
    public static ResourceKind Kind { get; } = new("batch", "v1", "CronJob", "cronjobs");

    public static JsonTypeInfo<CronJob> Json => CoreJson.Default.CronJob;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public CronJobSpec? Spec { get; init; }
}

public sealed record CronJobSpec
{
    public bool? Suspend { get; init; }
}
