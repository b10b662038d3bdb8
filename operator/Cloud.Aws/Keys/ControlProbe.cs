using System.Collections.Concurrent;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>What a use of the platform's own control key came to.</summary>
internal enum ControlAnswer
{
    /// <summary>There is none for that region.</summary>
    None,

    /// <summary>It let itself be used: whoever denied us on another key was not ours.</summary>
    Answered,

    /// <summary>It refused us too: something of our own stands in the way.</summary>
    Refused,

    /// <summary>It could not be asked.</summary>
    Silent,
}

/// <summary>
/// Uses a key of the platform's own as a tenant's key was used, by the same role, in the same region. An answer holds
/// for denials that came before it was asked, and for no later ones: a policy may change in between. So those that come
/// while one is on its way share the next one; a thousand keys denied at once make two or three uses a second.
/// </summary>
internal sealed class ControlProbe(KmsCalls kms, IReadOnlyDictionary<string, string> arns)
{
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(500);

    /// <summary>For a control key whose policy asks for a tenant's context, as the published one does.</summary>
    private static readonly Dictionary<string, string> Context =
        new() { [KeyPolicyDocument.TenantPair] = "byok-control" };

    private readonly ConcurrentDictionary<string, Queue> queues = new(StringComparer.Ordinal);

    public Task<ControlAnswer> AskAsync(string region, CancellationToken cancellation) =>
        arns.TryGetValue(region, out var arn)
            ? queues.GetOrAdd(region, _ => new Queue(kms.Time, () => UseAsync(new KeyRef(region, arn)))).AskAsync()
                .WaitAsync(cancellation)
            : Task.FromResult(ControlAnswer.None);

    /// <summary>Not cancelled by anybody, because it is shared: every call has its own bound.</summary>
    private async Task<ControlAnswer> UseAsync(KeyRef key)
    {
        try
        {
            var made = await kms.GenerateAsync(key, Context, evidence: null, CancellationToken.None);
            await kms.DecryptAsync(key, made, evidence: null, CancellationToken.None);
            return ControlAnswer.Answered;
        }
        catch (CloudException refused) when (refused.Problem is CloudProblem.Forbidden or CloudProblem.OwnCredentials)
        {
            return ControlAnswer.Refused;
        }
        catch (CloudException)
        {
            return ControlAnswer.Silent;
        }
    }

    /// <summary>One use at a time, with a pause between, and one that waits.</summary>
    private sealed class Queue(TimeProvider time, Func<Task<ControlAnswer>> use)
    {
        private readonly Lock gate = new();
        private Task<ControlAnswer>? waiting;
        private Task latest = Task.CompletedTask;
        private DateTimeOffset next = DateTimeOffset.MinValue;

        public Task<ControlAnswer> AskAsync()
        {
            lock (gate)
            {
                latest = waiting ??= RunAsync(latest);
                return waiting;
            }
        }

        private async Task<ControlAnswer> RunAsync(Task before)
        {
            await Task.Yield(); // the lock is held
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (next - time.GetUtcNow() is { } pause && pause > TimeSpan.Zero)
            {
                await Task.Delay(pause < Apart ? pause : Apart, time);
            }

            lock (gate)
            {
                waiting = null;
                next = time.GetUtcNow() + Apart;
            }

            return await use();
        }
    }
}
