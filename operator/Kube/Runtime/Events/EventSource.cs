namespace Kube.Runtime.Events;

/// <summary>Who speaks.</summary>
/// <param name="Controller">A domain-like name, for example <c>example.com/operator</c>;
/// at most 128 characters.</param>
/// <param name="Instance">The pod or process; at most 128 characters.</param>
public sealed record EventSource(string Controller, string Instance);
