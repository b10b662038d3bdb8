using k8s.Models;

namespace Kube.Runtime.Events;

/// <summary>Something a person may want to know about an object, said once or again.</summary>
/// <param name="Regarding">What it is about.</param>
/// <param name="IsWarning">A warning, or merely news.</param>
/// <param name="Reason">Why, in CamelCase, for machines; at most 128 characters.</param>
/// <param name="Action">What was done or tried, in CamelCase.</param>
/// <param name="Note">For people; cut at 1024 bytes.</param>
public sealed record EventRequest(
    V1ObjectReference Regarding, bool IsWarning, string Reason, string Action, string Note);
