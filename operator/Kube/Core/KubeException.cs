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

    /// <summary>No answer, or one that can't be understood: says nothing about whether the request had an effect.</summary>
    public static KubeException Unreachable(string message, Exception? inner = null) =>
        new(new KubeStatus { Code = 0, Reason = "Unreachable", Message = message }, inner);
}
