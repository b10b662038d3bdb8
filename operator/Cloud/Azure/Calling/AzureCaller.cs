using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Cloud.Calling;
using Microsoft.Extensions.Logging;

namespace Cloud.Azure.Calling;

/// <summary>
/// The one way to Azure: waits for the limiter, bounds the time, tries again what may be tried again, records the evidence, and
/// turns every failure into a <see cref="CloudException"/>. Only the caller's own cancellation, and what leave throws, pass as they are.
/// </summary>
internal sealed partial class AzureCaller : IDisposable
{
    private readonly AzureWires wires;
    private readonly AzureLimiters limiters;
    private readonly Attempts attempts;
    private readonly ILogger logger;
    private readonly Action? leave;
    private readonly HttpPipeline pipeline;

    /// <param name="options">Who we are and which Azure it is.</param>
    /// <param name="time">For bounds and pauses.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="leave">Asked right before each attempt of a call that changes something, and when bytes of any go out.</param>
    public AzureCaller(AzureOptions options, TimeProvider time, ILogger logger, Action? leave)
    {
        Options = options;
        this.logger = logger;
        this.leave = leave;
        wires = new AzureWires(options, leave);
        limiters = new AzureLimiters(options.Rates, time);
        attempts = new Attempts(time);
        Tokens = new AzureTokens(options, wires.Tokens);
        var settings = new CallOptions { Transport = wires.Calls };
        settings.Retry.MaxRetries = 0; // ours count: see Attempts
        settings.Diagnostics.IsLoggingEnabled = false; // addresses may carry signatures
        settings.Diagnostics.ApplicationId = "byok-operator";
        pipeline = HttpPipelineBuilder.Build(settings, new AzureHostGuard(options.Environment), Tokens);
    }

    public AzureOptions Options { get; }

    public AzureTokens Tokens { get; }

    public TimeProvider Time => attempts.Time;

    public Task<AzureReply> SendAsync(AzureCall call, CancellationToken cancellation) => SendAsync(call, evidence: null, cancellation);

    /// <summary>2xx and what the call accepts come back; everything else is a <see cref="CloudException"/>.</summary>
    public async Task<AzureReply> SendAsync(AzureCall call, Evidence? evidence, CancellationToken cancellation) => await attempts.RunAsync(
        call.Patience,
        static async (work, stop) => await work.Self.TryAsync(work.Call, work.Evidence, stop),
        (Self: this, Call: call, Evidence: evidence),
        cancellation);

    public void Dispose() => wires.Dispose();

    private async Task<AzureReply> TryAsync(AzureCall call, Evidence? evidence, CancellationToken cancellation)
    {
        var gate = limiters.For(call);
        if (await gate.EnterAsync(cancellation) is { Ticks: > 0 } wait)
        {
            CallMetrics.Waited(call.Operation, region: "", wait);
        }

        if (call.Changes)
        {
            leave?.Invoke();
        }

        using var bound = new CancellationTokenSource(Attempts.Bound(call.Patience), Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellation);
        using var message = MessageFor(call);
        var began = Time.GetTimestamp();
        using var span = CallTraces.Begin(call.Operation, region: "");
        CloudProblem? refused;
        BinaryData body;
        try
        {
            (refused, body) = await AnsweredAsync(call, message, both.Token);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            if (call.Changes)
            {
                leave?.Invoke(); // where it is gone, that is what stopped the bytes
            }

            var problem = AzureProblems.From(failure, call.Tenancy is not null);
            CallMetrics.Called(call.Operation, region: "", problem, Time.GetElapsedTime(began));
            CallTraces.End(span, problem, requestId: null);
            throw Told(call, gate, problem, requestId: null, evidence, failure);
        }

        CallMetrics.Called(call.Operation, region: "", refused, Time.GetElapsedTime(began));
        var status = message.Response.Status;
        var requestId = message.Response.Headers.TryGetValue("x-ms-request-id", out var id) ? id : null;
        CallTraces.End(span, refused, requestId);
        if (refused is not null)
        {
            throw Told(call, gate, refused, requestId, evidence, cause: null);
        }

        var record = new CallRecord(call.Operation, Time.GetUtcNow(), status < 300 ? "OK" : $"Http{status}", requestId);
        evidence?.Add(record);
        return ReplyOf(call, message, body, record);
    }

    private async Task<(CloudProblem? Refused, BinaryData Body)> AnsweredAsync(AzureCall call, HttpMessage message, CancellationToken cancellation)
    {
        await pipeline.SendAsync(message, cancellation);
        return message.Response.Status is < 200 or > 299 && !call.Accepts.Contains(message.Response.Status)
            ? (await AzureRefusal.ReadAsync(message, cancellation), BinaryData.Empty)
            : (null, call.StreamsReply || call.Method == RequestMethod.Head ? BinaryData.Empty : await BodyAsync(message.Response, cancellation));
    }

    /// <summary>The pipeline would read it whole, however long it is.</summary>
    private static async Task<BinaryData> BodyAsync(Response response, CancellationToken cancellation)
    {
        if (response.ContentStream is not { } content)
        {
            return BinaryData.Empty;
        }

        await using var bounded = new BoundedStream(content, BoundedAnswers.MostBytes);
        var whole = new MemoryStream(response.Headers.ContentLengthLong is > 0 and <= BoundedAnswers.MostBytes and var told ? (int)told : 0);
        await bounded.CopyToAsync(whole, cancellation);
        return BinaryData.FromBytes(whole.GetBuffer().AsMemory(0, (int)whole.Length));
    }

    private static AzureReply ReplyOf(AzureCall call, HttpMessage message, BinaryData body, CallRecord record)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in message.Response.Headers)
        {
            headers[header.Name] = header.Value;
        }

        return call.StreamsReply
            ? new AzureReply(message.Response.Status, headers, record) { Content = message.ExtractResponseContent() ?? Stream.Null }
            : new AzureReply(message.Response.Status, headers, record) { Body = body };
    }

    private HttpMessage MessageFor(AzureCall call)
    {
        var message = pipeline.CreateMessage();
        message.BufferResponse = false; // what is read whole is bounded here
        AzureTokens.Ask(message, call.Audience, call.Tenancy);
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

        if (call.Audience is AzureAudience.Storage or AzureAudience.None && !request.Headers.Contains("x-ms-version"))
        {
            request.Headers.SetValue("x-ms-version", AzureVersions.Blob);
        }

        return message;
    }

    private CloudException Told(AzureCall call, RateGate gate, CloudProblem problem, string? requestId, Evidence? evidence, Exception? cause)
    {
        evidence?.Add(new CallRecord(call.Operation, Time.GetUtcNow(), problem.Code, requestId));
        if (problem is CloudProblem.Throttled throttled)
        {
            gate.SlowDown(throttled.RetryAfter);
            LogThrottled(logger, call.Operation, call.Uri.Host, problem.Code);
        }

        LogFailed(logger, call.Operation, call.Uri.Host, problem.Code, requestId);
        return new CloudException(problem, call.Operation, requestId, cause);
    }

    private sealed class CallOptions : ClientOptions;
}
