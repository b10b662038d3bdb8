using System.Collections.Concurrent;
using ByokOperator.Reconciling;
using Kube.Core;
using Kube.Runtime.Events;

namespace ByokOperator.Cluster;

/// <summary>One Event per change of the summary, not per reconcile. What was said last is kept in memory:
/// a restart may say it once more.</summary>
internal sealed class EventDeduplicator
{
    private readonly ConcurrentDictionary<ObjectKey, string> last = new();

    /// <param name="events">Where it is said.</param>
    /// <param name="subject">Of which.</param>
    /// <param name="conditions">As they are to be shown; Stalled is a warning.</param>
    /// <param name="word">What becomes of it, where that is more than the conditions say.</param>
    /// <param name="isWarning">That word is one.</param>
    public void Tell<T>(
        EventRecorder events, T subject, IReadOnlyList<Condition> conditions, string word, bool isWarning)
        where T : class, IResource<T>
    {
        var ready = conditions[0];
        var isStalled = Conditions.Find(conditions, StatusReport.Stalled) is not null;
        var saying = $"{ready.Status}/{ready.Reason}/{word}/{isStalled}";
        if (last.TryGetValue(subject.Metadata.Key, out var before) && before == saying)
        {
            return;
        }

        last[subject.Metadata.Key] = saying;
        var note = ready.Message.Length > 0 ? ready.Message : ready.Reason;
        if (isStalled || isWarning)
        {
            events.Warn(subject, ready.Reason, "Reconcile", isWarning ? $"{word}: {note}" : note);
        }
        else
        {
            events.Tell(subject, ready.Reason, "Reconcile", note);
        }
    }

    /// <summary>One Event per warning and step of it. What the status shows
    /// already was said by whoever led then.</summary>
    public void Warn<T>(EventRecorder events, T subject, Condition? warning, Condition? shown)
        where T : class, IResource<T>
    {
        if (warning is null)
        {
            Forget(subject.Metadata.Key);
            return;
        }

        var saying = SayingOf(warning);
        var isSaid = (last.TryGetValue(subject.Metadata.Key, out var before) ? before : shown is null ? null
            : SayingOf(shown)) == saying;
        last[subject.Metadata.Key] = saying;
        if (!isSaid)
        {
            events.Warn(subject, warning.Type, "Reconcile", warning.Message);
        }

        static string SayingOf(Condition condition) => $"{condition.Reason}/{condition.Message}";
    }

    public void Forget(ObjectKey key) => last.TryRemove(key, out _);
}
