namespace ByokOperator.Api;

/// <summary>Where a tenant's data lies without BYOK, in words that every cloud has.</summary>
/// <param name="Holder">What could be somebody's store by itself: a bucket, a storage account.</param>
/// <param name="Name">The bucket, or <c>account/container</c>.</param>
/// <param name="Prefix">Ends in a slash; empty where it is the whole of a container.</param>
/// <param name="Field">Of the spec, such as <c>spec.shared.aws</c>.</param>
/// <param name="HolderField">Of the spec, such as <c>spec.shared.aws.bucket</c>.</param>
internal sealed record SharedPlace(
    string Holder, string Name, string? Scope, string Prefix, string Field, string HolderField);
