namespace Kube.Core;

/// <summary>The apiserver said no, or nothing at all (<see cref="KubeStatus.IsUnreachable"/>).</summary>
public sealed class KubeException : Exception
{
    public KubeException(KubeStatus status, Exception? inner = null)
        : base(status?.ToString(), inner)
    {
        ArgumentNullException.ThrowIfNull(status);
        Status = status;
    }

    public KubeStatus Status { get; }

    /// <summary>Which object, where the server answered with one that can't be read.</summary>
    public Quarantined? Bad { get; private init; }

    /// <summary>An object stands, and can't be read: neither absent nor unreachable.</summary>
    public static KubeException Unreadable(ResourceKind kind, Quarantined bad, Exception? inner = null)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(bad);
        return new(
            new KubeStatus
            {
                Reason = KubeStatus.Unreadable,
                Message = $"{kind.Kind} {bad.Key} can't be read: {bad.Reason}",
            }, inner)
        {
            Bad = bad,
        };
    }

    /// <summary>Not asked at all: no object of any server has such a name.</summary>
    public static KubeException BadName(ResourceKind kind, string name)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return new(
            new KubeStatus
            {
                Code = 422,
                Reason = "Invalid",
                Message = $"'{name}' is not the name of a {kind.Kind} or of its namespace",
            });
    }

    /// <summary>No answer that this client takes; a shorter one may be.</summary>
    public static KubeException TooLong(string message, Exception? inner = null) =>
        new(new KubeStatus { Reason = KubeStatus.TooLong, Message = message }, inner);

    /// <summary>No answer, or one that can't be understood:
    /// says nothing about whether the request had an effect.</summary>
    public static KubeException Unreachable(string message, Exception? inner = null) =>
        new(new KubeStatus { Code = 0, Reason = "Unreachable", Message = message }, inner);
}
