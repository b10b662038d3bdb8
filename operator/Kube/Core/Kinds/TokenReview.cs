using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Kube.Core.Kinds;

/// <summary>Asks the API server whose a token is. Never stored.</summary>
public sealed record TokenReview : IResource<TokenReview>
{
    public static ResourceKind Kind { get; } =
        new("authentication.k8s.io", "v1", "TokenReview", "tokenreviews", Namespaced: false);

    public static JsonTypeInfo<TokenReview> Json => CoreJson.Default.TokenReview;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public TokenReviewSpec Spec { get; init => field = value ?? new(); } = new();

    public V1TokenReviewStatus? Status { get; init; }
}

/// <summary>Ours: the client's would say its token wherever it is printed.</summary>
public sealed record TokenReviewSpec
{
    public string Token { get; init => field = value ?? ""; } = "";

    public override string ToString() => "a token";
}
