namespace ByokOperator.Reconciling;

/// <summary>What one requirement looks like right now. Closed set: see <see cref="Ladder.Next{TWorld}"/>.</summary>
public abstract record Finding
{
    private Finding()
    {
    }

    /// <summary>True at this moment.</summary>
    /// <param name="Reason">Empty where there is nothing to say.</param>
    /// <param name="Message">A hint for people: what could be better, and the mend.</param>
    public sealed record Holds(string Reason = "", string Message = "") : Finding
    {
        public static readonly Holds Now = new();
    }

    /// <summary>Not true, and this one act brings it closer.</summary>
    public sealed record Lacks(string Reason, Act Remedy, string Message = "") : Finding;

    /// <summary>Not true, and somebody else is working on it; look again later.</summary>
    public sealed record Pending(string Reason, TimeSpan Recheck, string Message = "") : Finding;

    /// <summary>
    /// Not true, and the spec asks for exactly that until a time. Holds nothing else up: what stands above is climbed,
    /// and an object that lacks nothing else is Ready.
    /// </summary>
    public sealed record Deferred(string Reason, TimeSpan Recheck, string Message = "") : Finding;

    /// <summary>We could not look, so we may not act.</summary>
    /// <param name="Anyway">What a ladder that closes does all the same: it looks live, and does nothing twice.</param>
    public sealed record Unseen(string Reason, string Message = "", Act? Anyway = null) : Finding;

    /// <summary>Not true, and only a human can change that; the message names the field and the mend.</summary>
    /// <param name="Anyway">What a ladder that closes tries all the same.</param>
    public sealed record Stuck(string Reason, string Message = "", Act? Anyway = null) : Finding;
}
