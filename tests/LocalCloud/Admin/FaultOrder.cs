using LocalCloud.Faults;

namespace LocalCloud.Admin;

/// <summary>A <see cref="FaultRule"/> on the wire; <c>Effect</c> is the name of a <see cref="FaultEffect"/>.</summary>
public sealed record FaultOrder : FaultScope
{
    public string Effect { get; init; } = "";

    public double DelaySeconds { get; init; }

    public int Status { get; init; } = 500;

    public string Code { get; init; } = "InternalError";

    public string Message { get; init; } = "";

    public long AfterBytes { get; init; }

    public double? ForSeconds { get; init; }

    internal FaultRule ToRule() =>
        new(this, ToEffect()) { For = ForSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null };

    private FaultEffect ToEffect() => Effect switch
    {
        nameof(FaultEffect.Delay) => new FaultEffect.Delay(TimeSpan.FromSeconds(DelaySeconds)),
        nameof(FaultEffect.Throttle) => new FaultEffect.Throttle(),
        nameof(FaultEffect.Fail) => new FaultEffect.Fail(Status),
        nameof(FaultEffect.Drop) => new FaultEffect.Drop(),
        nameof(FaultEffect.LoseAnswer) => new FaultEffect.LoseAnswer(),
        nameof(FaultEffect.ErrorUnder200) => new FaultEffect.ErrorUnder200(Code),
        nameof(FaultEffect.ClockSkew) => new FaultEffect.ClockSkew(),
        nameof(FaultEffect.Deny) => new FaultEffect.Deny(),
        nameof(FaultEffect.Answer) => new FaultEffect.Answer(Status, Code, Message),
        nameof(FaultEffect.CutBody) => new FaultEffect.CutBody(AfterBytes),
        _ => throw new ArgumentException($"no such effect: {Effect}"),
    };
}
