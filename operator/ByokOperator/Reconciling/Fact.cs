namespace ByokOperator.Reconciling;

/// <summary>Makes <see cref="Fact{T}"/> values.</summary>
public static class Fact
{
    public static Fact<T> Seen<T>(T value) => new(value, blindness: null);

    public static Fact<T> Blind<T>(string why) => new(default, why);
}

/// <summary>One thing we tried to learn. "Could not look" is a value of its own and never means "not there".</summary>
public readonly record struct Fact<T>
{
    private readonly T? value;
    private readonly string? blindness;
    private readonly bool looked;

    internal Fact(T? value, string? blindness)
    {
        this.value = value;
        this.blindness = blindness;
        looked = true;
    }

    /// <summary>Why we could not look; null when we could. A default fact was never looked at,
    /// so it is blind.</summary>
    public string? Blindness => looked ? blindness : "NotLooked";

    /// <summary>Judges the value when it was seen; a blind fact always yields <see cref="Finding.Unseen"/>.</summary>
    public Finding Judge(Func<T, Finding> judge) =>
        Blindness is { } why ? new Finding.Unseen(why) : judge(value!);

    /// <summary>Carries the blindness over: a fact derived from one we could
    /// not see is one we can't see either.</summary>
    public Fact<TResult> Select<TResult>(Func<T, TResult> map) =>
        Blindness is { } why ? Fact.Blind<TResult>(why) : Fact.Seen(map(value!));

    /// <summary>For display only: what was seen, or the given stand-in. Never decide on this.</summary>
    public T? ForDisplay(T? whenBlind = default) => Blindness is null ? value : whenBlind;
}
