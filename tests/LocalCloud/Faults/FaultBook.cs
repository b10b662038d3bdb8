using LocalCloud.Aws;

namespace LocalCloud.Faults;

/// <summary>The rules in force. No rule costs one volatile read per request.</summary>
internal sealed class FaultBook(TimeProvider clock)
{
    private readonly Lock gate = new();
    private volatile Armed[] armed = [];
    private int lastId;

    public int Add(FaultRule rule)
    {
        lock (gate)
        {
            var id = ++lastId;
            armed = [.. armed, new Armed(id, rule, rule.For is { } time ? clock.GetUtcNow() + time : null)];
            return id;
        }
    }

    public bool Remove(int id)
    {
        lock (gate)
        {
            var before = armed.Length;
            armed = [.. armed.Where(one => one.Id != id)];
            return armed.Length < before;
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            armed = [];
        }
    }

    /// <summary>How often a rule struck; null when it's gone.</summary>
    public int? Strikes(int id) => armed.FirstOrDefault(one => one.Id == id)?.Struck;

    /// <returns>The sum of delays, and the first other effect.</returns>
    public (TimeSpan Delay, FaultEffect? Effect) Match(AwsCall call) => Match(call, call.Service, call.Operation);

    /// <summary>For what a service asks of another on a caller's behalf, under names of its own.</summary>
    public (TimeSpan Delay, FaultEffect? Effect) Match(AwsCall call, string service, string operation) =>
        armed.Length == 0 ? default : Match(new FaultSubject(service, operation)
        {
            Bucket = call.Bucket,
            Key = call.Key,
            AccessKey = call.Claim?.AccessKey,
            Principal = call.Caller?.PrincipalArn,
            Region = call.Claim?.Region,
        });

    public (TimeSpan Delay, FaultEffect? Effect) Match(in FaultSubject subject)
    {
        var rules = armed;
        if (rules.Length == 0)
        {
            return default;
        }

        var delay = TimeSpan.Zero;
        FaultEffect? effect = null;
        foreach (var one in rules)
        {
            if (effect is not null && one.Rule.Effect is not FaultEffect.Delay)
            {
                continue;
            }

            if (!Names(one.Rule, subject.Service, subject.Operation) || !Fits(one.Rule, subject)
                || !one.Strikes(clock.GetUtcNow()))
            {
                continue;
            }

            if (one.Rule.Effect is FaultEffect.Delay wait)
            {
                delay += wait.Time;
            }
            else
            {
                effect = one.Rule.Effect;
            }
        }

        return (delay, effect);
    }

    private static bool Names(FaultRule rule, string service, string operation) =>
        (rule.Service is null ? service is not (FaultRule.KmsViaS3 or FaultRule.KeyVaultViaStorage)
            : rule.Service == service)
        && (rule.Operation is null
            || (rule.Operation.EndsWith('*') ? operation.StartsWith(rule.Operation[..^1], StringComparison.Ordinal)
                : operation == rule.Operation));

    private static bool Fits(FaultRule rule, in FaultSubject subject) =>
        (rule.Bucket is null || rule.Bucket == subject.Bucket)
        && (rule.KeyPrefix is null || subject.Key?.StartsWith(rule.KeyPrefix, StringComparison.Ordinal) == true)
        && (rule.AccessKey is null || rule.AccessKey == subject.AccessKey)
        && (rule.PrincipalArn is null || rule.PrincipalArn == subject.Principal)
        && (rule.Region is null || rule.Region == subject.Region)
        && (rule.Account is null || rule.Account == subject.Account);

    private sealed class Armed(int id, FaultRule rule, DateTimeOffset? until)
    {
#pragma warning disable CA5394 // Reproducible by seed is the point; nothing secret is drawn.
        private readonly Random draw = new(rule.Seed);
        private readonly Lock gate = new();
        private int seen;

        public int Id { get; } = id;

        public FaultRule Rule { get; } = rule;

        public int Struck { get; private set; }

        public bool Strikes(DateTimeOffset now)
        {
            lock (gate)
            {
                if (now >= until || Struck >= Rule.Count || seen++ < Rule.Skip || draw.NextDouble() >= Rule.Probability)
                {
                    return false;
                }

                Struck++;
                return true;
            }
        }
#pragma warning restore CA5394
    }
}
