using System.Xml;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Cloud.Calling;
using Microsoft.Extensions.Logging;

namespace Cloud.Azure.Calling;

/// <summary>
/// The one way to Azure, for requests of ours and of the SDK's: tries again what may be tried again, each attempt under
/// <see cref="CallRules"/>. Whatever fails is a <see cref="CloudException"/>; only the caller's own cancellation, and
/// what leave throws, pass as they are.
/// </summary>
internal sealed class AzureCaller : IDisposable
{
    private readonly AzureTransport wires;
    private readonly Attempts attempts;
    private readonly HttpPipelinePolicy[] rules;
    private readonly HttpPipeline pipeline;

    /// <param name="options">Who we are and which Azure it is.</param>
    /// <param name="time">For bounds and pauses.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="leave">Asked right before each attempt of a call that changes something,
    /// and when bytes of any go out.</param>
    public AzureCaller(AzureOptions options, TimeProvider time, ILogger logger, Action? leave)
    {
        Options = options;
        wires = new AzureTransport(options, leave);
        attempts = new Attempts(time);
        Tokens = new AzureTokens(options, wires.Tokens);
        rules = [new CallRules(new AzureLimiters(options.Rates, time), time, logger, leave),
            new AzureHostGuard(options.Environment), Tokens];
        pipeline = HttpPipelineBuilder.Build(UnderOurRules(new CallOptions()));
    }

    public AzureOptions Options { get; }

    public AzureTokens Tokens { get; }

    public TimeProvider Time => attempts.Time;

    /// <summary>For clients of the SDK: their pipelines then take only what <see cref="RunAsync"/> sends,
    /// and send it as everything is sent.</summary>
    public TOptions UnderOurRules<TOptions>(TOptions settings)
        where TOptions : ClientOptions
    {
        settings.Transport = wires.Calls;
        settings.Retry.MaxRetries = 0; // ours count: see Attempts
        settings.Retry.NetworkTimeout = Timeout.InfiniteTimeSpan; // ours hold: a copy may take longer than any default
        settings.Diagnostics.IsLoggingEnabled = false; // addresses may carry signatures
        settings.Diagnostics.IsDistributedTracingEnabled = false; // the same
        settings.Diagnostics.ApplicationId = "byok-operator";
        foreach (var rule in rules)
        {
            settings.AddPolicy(rule, HttpPipelinePosition.PerRetry);
        }

        return settings;
    }

    public Task<AzureReply> SendAsync(AzureCall call, CancellationToken cancellation) =>
        SendAsync(call, evidence: null, cancellation);

    /// <summary>2xx and what the call accepts come back; everything else is a <see cref="CloudException"/>.</summary>
    public Task<AzureReply> SendAsync(AzureCall call, Evidence? evidence, CancellationToken cancellation) =>
        RunAsync(call, evidence, stop => OnceAsync(call, stop), cancellation);

    /// <summary>A status that the call accepts and the SDK does not is the SDK's
    /// <see cref="RequestFailedException"/>.</summary>
    /// <param name="terms">What the call goes by.</param>
    /// <param name="evidence">Null: nobody asks.</param>
    /// <param name="once">One attempt, of one request, and the reading of its reply to the end. A reply that breaks off
    /// is a failed call like any other.</param>
    /// <param name="cancellation">The caller's.</param>
    public async Task<TAnswer> RunAsync<TAnswer>(
        CallTerms terms, Evidence? evidence, Func<CancellationToken, Task<TAnswer>> once,
        CancellationToken cancellation) => await attempts.RunAsync(
            terms.RetryPolicy,
            static async (work, stop) => await work.Self.TryAsync(work.Terms, work.Evidence, work.Once, stop),
            (Self: this, Terms: terms, Evidence: evidence, Once: once),
            cancellation);

    public void Dispose() => wires.Dispose();

    private async Task<TAnswer> TryAsync<TAnswer>(
        CallTerms terms, Evidence? evidence, Func<CancellationToken, Task<TAnswer>> once,
        CancellationToken cancellation)
    {
        using var attempt = new CallAttempt(terms, evidence, Time, cancellation);
        using var scope = attempt.Enter();
        try
        {
            return await once(attempt.Cancellation);
        }
        catch (Exception broken) when (attempt.Answer is not null && !cancellation.IsCancellationRequested
            && IsOfReading(broken, terms))
        {
            throw new CloudException(new CloudProblem.Unreachable("ReplyBroken", "the reply broke off, or is none"),
                terms.Operation, attempt.Answer.RequestId, broken);
        }
    }

    /// <summary>What reading throws, the SDK's too: of what it does not expect it says that arguments are wrong, or
    /// finds nothing where something has to be.</summary>
    private static bool IsOfReading(Exception failure, CallTerms terms) =>
        failure is IOException or HttpRequestException or OperationCanceledException
            or XmlException or FormatException or OverflowException or AggregateException or ArgumentException
            or InvalidOperationException or NullReferenceException
            || (failure is RequestFailedException unexpected && !terms.Accepts.Contains(unexpected.Status));

    private async Task<AzureReply> OnceAsync(AzureCall call, CancellationToken cancellation)
    {
        using var message = MessageFor(call);
        await pipeline.SendAsync(message, cancellation);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in message.Response.Headers)
        {
            headers[header.Name] = header.Value;
        }

        return new AzureReply(message.Response.Status, headers,
            CallAttempt.Of(message).Answer!) { Body = message.Response.Content };
    }

    private HttpMessage MessageFor(AzureCall call)
    {
        var message = pipeline.CreateMessage();
        var request = message.Request;
        request.Method = call.Method;
        request.Uri.Reset(call.Uri);
        if (call.Body is { } body)
        {
            request.Content = RequestContent.Create(body);
        }

        foreach (var (name, value) in call.Headers)
        {
            request.Headers.SetValue(name, value);
        }

        return message;
    }

    private sealed class CallOptions : ClientOptions;
}

/// <summary>An answer that the caller asked to see: 2xx, or a status it accepts.</summary>
internal sealed class AzureReply(int status, IReadOnlyDictionary<string, string> headers, CallRecord evidence)
{
    public int Status { get; } = status;

    /// <summary>By name, in any case. A header that stands twice has its values joined with commas.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; } = headers;

    public CallRecord Evidence { get; } = evidence;

    public BinaryData Body { get; init; } = BinaryData.Empty;

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
