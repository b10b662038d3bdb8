using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Byok.Copying;
using ByokOperator.Entitlements;
using ByokOperator.Reconciling;
using Cloud;
using Kube.Core;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Cluster;

/// <summary>
/// Says what a look that failed is called in a condition, counts it, and logs once what looks like a bug. The reasons
/// are stable. Observers look through a <see cref="Glance"/>.
/// </summary>
internal sealed partial class FactReader(ILogger<FactReader> logger)
{
    /// <summary>No answer came, and so nothing was said.</summary>
    public const string Unreachable = "Unreachable";

    /// <summary>An object stands, and can't be read.</summary>
    public const string Unreadable = "Unreadable";

    /// <summary>We may not look.</summary>
    public const string Forbidden = "AccessDenied";

    /// <summary>Something stands there, and it is not what this operator writes.</summary>
    public const string RecordUnreadable = "RecordUnreadable";

    /// <summary>None of what is known to go wrong: a bug of ours; the log has its stack.</summary>
    public const string LookFailed = "LookFailed";

    /// <summary>A fault that comes at every look is logged the first time only;
    /// beyond this many kinds of it nothing more is.</summary>
    private const int MostLogged = 256;

    private readonly ConcurrentDictionary<(string What, string Exception), bool> logged = new();

    /// <summary>A look that takes as long as whoever asks for it is patient.</summary>
    public Glance At(CancellationToken cancellation) => new(this, cancellation, cancellation);

    /// <summary>A look that may be cut short: what was not seen by then is blind.</summary>
    public Glance At(CancellationToken cancellation, CancellationToken deadline) => new(this, cancellation, deadline);

    /// <summary>A record that is at hand already. Whatever is wrong with it,
    /// it must not look like one that is not there.</summary>
    public static Fact<T> Read<T>(Func<T> read)
    {
        try
        {
            return Fact.Seen(read());
        }
        catch (Exception)
        {
            LookMetrics.Failed(LookMetrics.OfFact, RecordUnreadable);
            return Fact.Blind<T>(RecordUnreadable);
        }
    }

    /// <summary>CamelCase and closed: one reason per <see cref="CloudProblem"/>, and one for each code that says what
    /// is wrong with what was read.</summary>
    public static string ReasonFor(CloudProblem problem) => problem switch
    {
        { Code: CloudProblem.AnswerTooLong } => CloudProblem.AnswerTooLong,
        { Code: CloudProblem.MarkTooLarge } => RecordUnreadable,
        CloudProblem.NotFound => "NotFound",
        CloudProblem.Forbidden => Forbidden,
        CloudProblem.Throttled => "Throttled",
        CloudProblem.Unreachable => Unreachable,
        CloudProblem.KeyUnusable => "KeyUnusable",
        CloudProblem.WrongKey => "KeyReplaced",
        CloudProblem.Conflict => "Conflict",
        CloudProblem.OwnCredentials => "OwnCredentials",
        CloudProblem.Refused => "Refused",
        _ => throw new System.Diagnostics.UnreachableException(problem.GetType().Name),
    };

    /// <summary>What to call it; and it is counted.</summary>
    /// <param name="failure">Anything at all.</param>
    /// <param name="kind">A whole look, or one fact of it: see <see cref="LookMetrics"/>.</param>
    /// <param name="what">For the log: what was looked at, from a small set.</param>
    public string Missed(Exception failure, string kind, string what)
    {
        var reason = failure switch
        {
            CloudException cloud => ReasonFor(cloud.Problem),
            JsonException or FormatException or InvalidDataException or ManifestDamagedException => RecordUnreadable,
            KubeException { Status.IsUnreadable: true } => Unreadable,
            KubeException { Status.IsForbidden: true } => Enrolment.NoRights,
            KubeException => "ApiServerRefused",
            HttpRequestException or TimeoutException or OperationCanceledException or IOException => Unreachable,
            _ => LookFailed,
        };
        LookMetrics.Failed(kind, reason);
        if (reason is LookFailed or RecordUnreadable && logged.Count < MostLogged
            && logged.TryAdd((what, failure.GetType().Name), true))
        {
            // no message: it may quote what was read
            LogMissed(what, reason, failure.GetType().FullName ?? "", failure.StackTrace ?? "");
        }

        return reason;
    }
}

/// <summary>Looks that failed: one fact of a look, or the whole look at a key, a store or a tenant,
/// by reason.</summary>
internal static class LookMetrics
{
    public const string OfFact = "fact";
    public const string OfKey = "key";
    public const string OfStore = "store";
    public const string OfTenant = "tenant";

    private static readonly Meter meter = new(OperatorMeter.Name);

    private static readonly Counter<long> failed = meter.CreateCounter<long>(
        "byok.failed_looks", description: "Looks that failed, by what was looked at and the reason.");

    public static void Failed(string kind, string reason) => failed.Add(1, new("kind", kind), new("reason", reason));
}
