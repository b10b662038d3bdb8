using Byok.Copying;
using ByokOperator.Reconciling;

namespace ByokOperator.Copies;

/// <summary>How long workers are waited for, and how often they are begun: copies,
/// and runs that put a store under another key.</summary>
internal static class CopyRules
{
    /// <summary>What fails this often in a row fails for a reason that a person has to look at.</summary>
    public const int MaxFailedAttempts = 5;

    /// <summary>How soon it shows what a worker says beside the data; that a Job ended comes by watch.</summary>
    public static readonly TimeSpan JobRecheck = TimeSpan.FromSeconds(30);

    /// <summary>How long after objects were refused they are tried again, whoever mended them or not:
    /// it costs one listing.</summary>
    private static readonly TimeSpan refusedPause = TimeSpan.FromMinutes(10);

    /// <summary>A worker says every few seconds that it lives, and a pod is there within minutes.</summary>
    private static readonly TimeSpan longestSilence = TimeSpan.FromMinutes(15);

    /// <summary>One object of the largest that there are, in parts; anything else takes minutes.</summary>
    private static readonly TimeSpan longestStandstill = TimeSpan.FromHours(6);

    /// <summary>After a refusal. Of one that is dated where no later time is, never.</summary>
    public static DateTimeOffset TriedAgainAt(CopyRefusal refusal) => refusal.At.Later(refusedPause);

    /// <summary>A sentence about a refusal, and when it is tried again.</summary>
    public static string ThenAgain(CopyRefusal refusal, string told) =>
        $"{told}. It is tried again at {TriedAgainAt(refusal):u}, or as soon as the annotation byok.dev/reconcile-at "
            + "is set anew";

    /// <summary>What it waits for and since when, after "the ... waits for"; null where it gets on. Nothing is ended
    /// for it: who mends what it waits for finds it going on.</summary>
    public static string? Stalled(DateTimeOffset now, CopyFacts copy) =>
        copy.HeardAt is { } heard && now - heard > longestSilence
            ? $"a worker, of which nothing was heard since {heard:u}: see the pods of its Job, which may not be "
                + "scheduled, not find their image, or end at once"
        : copy.AdvancedAt is { } advanced && now - advanced > longestStandstill
            ? $"an object that does not get done since {advanced:u}: see the logs of its Job's pods, which name what "
                + "they wait for"
        : null;
}
