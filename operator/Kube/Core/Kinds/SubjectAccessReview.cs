using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

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

    public SubjectAccessReviewSpec Spec { get; init => field = value ?? new(); } = new();

    public SubjectAccessReviewStatus? Status { get; init; }
}

public sealed record SubjectAccessReviewSpec
{
    public string User { get; init => field = value ?? ""; } = "";

    public string? Uid { get; init; }

    public IReadOnlyList<string>? Groups { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Extra { get; init; }

    public NonResourceAttributes? NonResourceAttributes { get; init; }
}

/// <summary>Of a path that is no object's, such as <c>/metrics</c>.</summary>
public sealed record NonResourceAttributes(string Path, string Verb);

public sealed record SubjectAccessReviewStatus
{
    public bool Allowed { get; init; }

    public bool Denied { get; init; }
}
