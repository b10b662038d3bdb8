using Kube.Core;
using Microsoft.Extensions.Logging;

namespace Kube.Runtime.Controllers;

public sealed partial class Controller
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Reconciled {Key}: {Outcome}, next in {Next}")]
    private partial void LogReconciled(ObjectKey key, string outcome, TimeSpan? next);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Reconcile of {Key} failed (deadline passed: {Deadline}); again in {Wait}")]
    private partial void LogFailed(ObjectKey key, TimeSpan? deadline, TimeSpan wait, Exception failure);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Reconcile of {Key} was aborted: the process stops or no longer leads")]
    private partial void LogAborted(ObjectKey key);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Key} asked for another look {Limit} times in a row; pausing it for {Pause}")]
    private partial void LogTooManyAgains(ObjectKey key, int limit, TimeSpan pause);
}
