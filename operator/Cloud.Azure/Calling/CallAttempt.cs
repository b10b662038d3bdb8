using Azure.Core;
using Azure.Core.Pipeline;
using Cloud.Calling;

namespace Cloud.Azure.Calling;

/// <summary>
/// One try of a call. It goes with each of its messages: of a content that breaks off while it is read, the SDK asks
/// for the rest with a message of its own.
/// </summary>
internal sealed class CallAttempt(
    CallTerms terms, Evidence? evidence, TimeProvider time, CancellationToken caller) : IDisposable
{
    private const string Property = "byok.attempt";

    private readonly CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(caller);
    private ITimer? bound;

    public CallTerms Terms { get; } = terms;

    public Evidence? Evidence { get; } = evidence;

    /// <summary>The caller's own, which passes as it is.</summary>
    public CancellationToken Caller { get; } = caller;

    /// <summary>The caller's, and the bound's.</summary>
    public CancellationToken Cancellation => ends.Token;

    /// <summary>Null until the service has answered with something that the caller takes for an answer.</summary>
    public CallRecord? Answer { get; set; }

    /// <exception cref="InvalidOperationException">Nothing is sent that is nobody's call:
    /// no limit and no leave would hold for it.</exception>
    public static CallAttempt Of(HttpMessage message) =>
        message.TryGetProperty(Property, out var found) && found is CallAttempt attempt ? attempt
            : throw new InvalidOperationException("a request that belongs to no call");

    /// <summary>Every message that is made inside belongs to this.</summary>
    public IDisposable Enter() =>
        HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?>(1) { [Property] = this });

    /// <summary>From when the limiter has let it through.</summary>
    public void Arm() =>
        bound = time.CreateTimer(static ended => ((CancellationTokenSource)ended!).Cancel(), ends,
            Attempts.Bound(Terms.RetryPolicy), Timeout.InfiniteTimeSpan);

    /// <summary>What is still read then has bounds of its own.</summary>
    public void Disarm() => bound?.Dispose();

    public void Dispose()
    {
        Disarm();
        ends.Dispose();
    }
}
