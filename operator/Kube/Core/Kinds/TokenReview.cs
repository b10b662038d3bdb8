using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

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

    public TokenReviewStatus? Status { get; init; }
}

public sealed record TokenReviewSpec
{
    public string Token { get; init => field = value ?? ""; } = "";

    public override string ToString() => "a token";
}

public sealed record TokenReviewStatus
{
    public bool Authenticated { get; init; }

    public ReviewedUser? User { get; init; }

    public string? Error { get; init; }
}

/// <summary>Who somebody is, as the API server says.</summary>
public sealed record ReviewedUser
{
    public string Username { get; init => field = value ?? ""; } = "";

    public string? Uid { get; init; }

    public IReadOnlyList<string>? Groups { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Extra { get; init; }
}
