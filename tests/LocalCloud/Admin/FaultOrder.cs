using LocalCloud.Faults;

namespace LocalCloud.Admin;

/// <summary>A <see cref="FaultRule"/> on the wire; <c>Effect</c> is the name of a <see cref="FaultEffect"/>.</summary>
public sealed record FaultOrder
{
    public string Effect { get; init; } = "";

    public double DelaySeconds { get; init; }

    public int Status { get; init; } = 500;

    public string Code { get; init; } = "InternalError";

    public string Message { get; init; } = "";

    public long AfterBytes { get; init; }

    public string? Service { get; init; }

    public string? Operation { get; init; }

    public string? Bucket { get; init; }

    public string? KeyPrefix { get; init; }

    public string? AccessKey { get; init; }

    public string? PrincipalArn { get; init; }

    public string? Region { get; init; }

    public string? Account { get; init; }

    public int? Count { get; init; }

    public int Skip { get; init; }

    public double Probability { get; init; } = 1;

    public int Seed { get; init; } = 1;

    public double? ForSeconds { get; init; }

    internal FaultRule ToRule() => new(ToEffect())
    {
        Service = Service,
        Operation = Operation,
        Bucket = Bucket,
        KeyPrefix = KeyPrefix,
        AccessKey = AccessKey,
        PrincipalArn = PrincipalArn,
        Region = Region,
        Account = Account,
        Count = Count,
        Skip = Skip,
        Probability = Probability,
        Seed = Seed,
        For = ForSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

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
