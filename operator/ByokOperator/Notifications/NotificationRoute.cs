using ByokOperator.Cluster;
using Kube.Runtime.LeaderElection;

namespace ByokOperator.Notifications;

/// <summary>Where notices go and under what.</summary>
/// <param name="Secret">Read for each attempt.</param>
/// <param name="MayAct">Whether this process leads at this moment.</param>
internal sealed record NotificationRoute(Uri Sink, Func<byte[]> Secret, Func<bool> MayAct)
{
    /// <summary>Null where no sink is named.</summary>
    public static NotificationRoute? Of(OperatorOptions options, LeadershipFence fence)
    {
        if (options.NotificationSink is not { } sink)
        {
            return null;
        }

        var secret = new NotificationSecret(options.NotificationSecretFile, Environment.GetEnvironmentVariable);
        return new NotificationRoute(new Uri(sink), secret.Read, () => fence.IsHeld);
    }
}
