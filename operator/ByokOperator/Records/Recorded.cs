using ByokOperator.Reconciling;

namespace ByokOperator.Records;

/// <summary>
/// What reading a record came to. Closed set. Reading never throws: whatever is wrong with a record is a value here.
/// <list type="bullet">
/// <item>What opens, proves or puts something somewhere goes by <see cref="Trusted"/> alone.</item>
/// <item>What closes may go by <see cref="Parsed"/>: a record that was not signed
/// here can close a place that bears our tag, and opens none.</item>
/// <item>A look takes its facts with <see cref="Select"/>: a record that can't be trusted is blind,
/// one that is not there says null.</item>
/// </list>
/// </summary>
internal abstract record Recorded<T>
    where T : class
{
    private Recorded()
    {
    }

    /// <summary>Written by this installation and unchanged since.</summary>
    public sealed record Authentic(T Record) : Recorded<T>;

    /// <summary>It reads as a record, and its MAC does not fit, or nothing is there to check it with.</summary>
    public sealed record NotAuthentic(T Record, string Fix) : Recorded<T>;

    /// <summary>Something stands under its name that is no record.</summary>
    /// <param name="Why">For people; no content of it.</param>
    public sealed record Unreadable(string Why, string Fix) : Recorded<T>;

    /// <summary>None stands.</summary>
    public sealed record Absent : Recorded<T>;

    /// <summary>Null unless it is authentic.</summary>
    public T? Trusted => this is Authentic authentic ? authentic.Record : null;

    /// <summary>Whoever wrote it; null where there is nothing to read. For closing, waking and display.</summary>
    public T? Parsed => this is NotAuthentic stranger ? stranger.Record : Trusted;

    /// <summary>Null where the record is authentic or absent; else what a condition says, with the mend.</summary>
    public RecordedFault? Fault => this switch
    {
        NotAuthentic other => new RecordedFault(RecordedFault.NotAuthentic, other.Fix),
        Unreadable broken => new RecordedFault(RecordedFault.Unreadable, $"{broken.Why}: {broken.Fix}"),
        _ => null,
    };

    /// <summary>A fact of the record. <paramref name="look"/> gets null where none stands;
    /// blind where one stands that can't be trusted.</summary>
    public Fact<TResult> Select<TResult>(Func<T?, TResult> look) =>
        Fault is { } fault ? Reconciling.Fact.Blind<TResult>(fault.Reason) : Reconciling.Fact.Seen(look(Trusted));
}

/// <summary>Why a record counts for nothing, as a condition's reason and message.</summary>
internal sealed record RecordedFault(string Reason, string Message)
{
    public const string NotAuthentic = "RecordNotAuthentic";
    public const string Unreadable = "RecordUnreadable";
}
