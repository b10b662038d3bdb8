using Cloud;

namespace Simulation.Real.Clouds;

/// <summary>Decides what becomes of each call. In the calm nothing is drawn.</summary>
internal sealed class Weather(Rng rng)
{
    /// <summary>Most reconciles make some twenty calls; most of them are to get through.</summary>
    private const int StruckOneIn = 50;

    private static readonly Func<CloudProblem>[] problems =
    [
        () => new CloudProblem.Unreachable("InternalError", "no answer came"),
        () => new CloudProblem.Throttled("SlowDown", "too fast"),
        () => new CloudProblem.OwnCredentials("ExpiredToken", "our own credentials are expired"),
        () => new CloudProblem.Forbidden("AccessDenied", "we may not"),
        () => new CloudProblem.Conflict("OperationAborted", "something else is under way"),
        () => new CloudProblem.NotFound("NoSuchThing", "it is not there"),
        () => new CloudProblem.Refused("Malformed", "the request is wrong"),
    ];

    public bool IsRough { get; set; }

    public (Strike Strike, CloudProblem? Problem) Draw(Domain domain)
    {
        if (!IsRough || !rng.Once(StruckOneIn))
        {
            return (Strike.None, null);
        }

        return rng.Next(16) switch
        {
            < 8 => (Strike.Refused, domain == Domain.Cluster ? null : problems[rng.Next(4)]()),
            < 11 => (Strike.AnswerLost, null),
            11 => (Strike.Hang, null),
            12 => (domain == Domain.Cluster && rng.Once(2) ? Strike.Nonsense : Strike.Bug, null),
            13 => (Strike.Crash, null),
            14 => (Strike.CrashAfter, null),
            _ => (Strike.Refused, domain == Domain.Cluster ? null : problems[rng.Next(problems.Length)]()),
        };
    }
}
