using System.Text.Json.Serialization;
using k8s.Models;

namespace Kube.Core;

/// <summary>metav1.Status: how the apiserver says no.</summary>
public sealed record KubeStatus
{
    internal const string Unreadable = "Unreadable";

    internal const string TooLong = "TooLong";

    /// <summary>The HTTP status; 0 when there was no answer.</summary>
    public int Code { get; init; }

    /// <summary>CamelCase, for machines; empty when something before the apiserver answered.</summary>
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public V1StatusDetails? Details { get; init; }

    [JsonIgnore]
    public bool IsNotFound => Code == 404;

    /// <summary>Changed meanwhile, a precondition failed, or another field manager owns the field.</summary>
    [JsonIgnore]
    public bool IsConflict => Code == 409 && !IsAlreadyExists;

    [JsonIgnore]
    public bool IsAlreadyExists => Reason == "AlreadyExists";

    /// <summary>The resourceVersion or continue token is too old: list again from nothing.</summary>
    [JsonIgnore]
    public bool IsExpired => Code == 410;

    [JsonIgnore]
    public bool IsThrottled => Code == 429;

    [JsonIgnore]
    public bool IsForbidden => Code == 403;

    /// <summary>Refused by validation, or a JSON patch's <c>test</c> did not hold.</summary>
    [JsonIgnore]
    public bool IsInvalid => Code == 422;

    /// <summary>Nobody answered; whether a write had an effect is not known.</summary>
    [JsonIgnore]
    public bool IsUnreachable => Code == 0 && !IsUnreadable;

    /// <summary>The server answered with an object that can't be read. A write has had its effect.</summary>
    [JsonIgnore]
    public bool IsUnreadable => Reason == Unreadable;

    /// <summary>The answer is longer than this client takes: ask for less.</summary>
    [JsonIgnore]
    public bool IsTooLong => Reason == TooLong;

    [JsonIgnore]
    public int? RetryAfterSeconds => Details?.RetryAfterSeconds;

    [JsonIgnore]
    public IEnumerable<V1StatusCause> Causes => Details?.Causes ?? [];

    public override string ToString() => $"{Code} {Reason}: {Message}";
}
