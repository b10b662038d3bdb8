using ByokOperator.Cluster;
using ByokOperator.Notifications;
using Kube.Runtime.LeaderElection;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Hosting;

/// <summary>Puts together what sends notices.</summary>
internal static class NotificationParts
{
    /// <summary>Null where no sink is named.</summary>
    public static NotificationSender? Sender(
        OperatorOptions options, NotificationBoard board, LeadershipFence fence, TimeProvider time, ILoggerFactory logs)
    {
        if (options.NotificationSink is not { } sink)
        {
            return null;
        }

        var secret = new NotificationSecret(options.NotificationSecretFile, Environment.GetEnvironmentVariable);
        return new NotificationSender(new NotificationRoute(new Uri(sink), secret.Read, () => fence.IsHeld), board,
            time,
            logs.CreateLogger<NotificationSender>());
    }
}
