using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Kube.Core.Kinds;

/// <summary>Asks the API server whether somebody may do something. Never stored.</summary>
public sealed record SubjectAccessReview : IResource<SubjectAccessReview>
{
    public static ResourceKind Kind { get; } =
        new("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", Namespaced: false);

    public static JsonTypeInfo<SubjectAccessReview> Json => CoreJson.Default.SubjectAccessReview;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public V1SubjectAccessReviewSpec Spec { get; init => field = value ?? new(); } = new();

    public V1SubjectAccessReviewStatus? Status { get; init; }
}
