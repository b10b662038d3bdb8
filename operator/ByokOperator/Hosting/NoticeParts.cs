using ByokOperator.Notices;
using Kube.Runtime.Leading;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Hosting;

/// <summary>Puts together what sends notices.</summary>
internal static class NoticeParts
{
    /// <summary>Null where no sink is named.</summary>
    public static NoticeSender? Sender(
        OperatorOptions options, NoticeBoard board, LeadershipFence fence, TimeProvider time, ILoggerFactory logs)
    {
        if (options.NoticeSink is not { } sink)
        {
            return null;
        }

        var secret = new NoticeSecret(options.NoticeSecretFile, Environment.GetEnvironmentVariable);
        return new NoticeSender(new NoticeRoute(new Uri(sink), secret.Read, () => fence.IsHeld), board, time,
            logs.CreateLogger<NoticeSender>());
    }
}
