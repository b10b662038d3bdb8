namespace EmbeddedNode;

/// <summary>One pod to run: the container's arguments and plain environment.</summary>
public sealed record PodCall(IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment);
