namespace ByokOperator.Keys;

/// <summary>A canary whose key was rotated, in the form it is stored in: what stands, and what is to stand.</summary>
internal sealed record CanaryRenewal(string From, string To);
