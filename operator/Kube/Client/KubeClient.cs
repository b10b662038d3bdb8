using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using k8s;
using Kube.Core;
using Kube.Core.Kinds;

namespace Kube.Client;

/// <summary>
/// Sends one request to one apiserver. Every failure is a <see cref="KubeException"/>; only the caller's own
/// cancellation is an <see cref="OperationCanceledException"/>.
/// </summary>
public sealed class KubeClient : IDisposable
{
    private readonly HttpClient http;
    private readonly HttpMessageHandler attempts;
    private readonly KubeClientOptions options;
    private readonly TimeProvider time;

    /// <param name="observer">Sees every attempt, for metrics;
    /// nothing secret is on a request yet when it passes.</param>
    public KubeClient(
        KubernetesClientConfiguration configuration, KubeClientOptions? options = null, TimeProvider? time = null,
        DelegatingHandler? observer = null)
        : this(configuration, options ?? new(), time ?? TimeProvider.System, Transport.Create(configuration), observer)
    {
    }

    internal KubeClient(
        KubernetesClientConfiguration configuration, KubeClientOptions options, TimeProvider time,
        HttpMessageHandler transport, DelegatingHandler? observer = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        this.options = options;
        this.time = time;
        Namespace = configuration.Namespace ?? "default";
        var credentials = new CredentialHandler(configuration) { InnerHandler = transport };
        observer?.InnerHandler = credentials;
        attempts = observer ?? (HttpMessageHandler)credentials;
        http = Over(new RetryHandler(options, time) { InnerHandler = attempts },
            new Uri(new Uri(configuration.Host).AbsoluteUri.TrimEnd('/') + "/"), isOwner: true);
    }

    private KubeClient(KubeClient twin, Action leave)
    {
        (options, time, attempts, Namespace) = (twin.options, twin.time, twin.attempts, twin.Namespace);
        http = Over(
            new RetryHandler(options, time) { InnerHandler = new WriteGuardHandler(leave) { InnerHandler = attempts } },
            twin.http.BaseAddress!, isOwner: false);
    }

    /// <summary>The namespace of the context or pod.</summary>
    public string Namespace { get; }

    internal KubeClientOptions Options => options;

    /// <summary>Found out by a refusal, for as long as this client lives.</summary>
    internal bool MergesStatus { get; set; }

    /// <summary>The typed verbs of one kind.</summary>
    public KubeApi<T> Api<T>()
        where T : class, IResource<T> => new(this);

    /// <summary>
    /// The same client on the same connections, but each attempt of a request that changes something asks for leave
    /// right before it is sent. Lives as long as the one it was made from.
    /// </summary>
    /// <param name="leave">Throws where nothing may be changed any more;
    /// what it throws reaches the caller as it is.</param>
    public KubeClient WithWriteGuard(Action leave) => new(this, leave);

    /// <summary>The body of a successful answer.</summary>
    public Task<ReadOnlyMemory<byte>> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        SendAsync<ReadOnlyMemory<byte>>(request, static body => body.ToArray(), cancellation);

    /// <summary>What <paramref name="read"/> makes of the body of a successful answer,
    /// which is its own only while it runs.</summary>
    public Task<T> SendAsync<T>(
        HttpRequestMessage request, Func<ReadOnlySequence<byte>, T> read, CancellationToken cancellation) =>
        SendAsync(request, read, static status => throw new KubeException(status), cancellation);

    /// <summary>
    /// The same; null where the server says that there is no such thing. That is asked for all the time and mostly so:
    /// no exception is thrown on the way.
    /// </summary>
    internal Task<T?> TrySendAsync<T>(
        HttpRequestMessage request, Func<ReadOnlySequence<byte>, T> read, CancellationToken cancellation)
        where T : class =>
        SendAsync<T?>(request, read, static status => status.IsNotFound ? null : throw new KubeException(status),
            cancellation);

    private async Task<T> SendAsync<T>(
        HttpRequestMessage request, Func<ReadOnlySequence<byte>, T> read, Func<KubeStatus, T> refused,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var owned = Prepare(request);
        using var deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            using var response = await http.SendAsync(owned, HttpCompletionOption.ResponseHeadersRead, either.Token);
            deadline.CancelAfter(options.RequestTimeout); // attempts have had theirs; now the body has one
            return await BodyParts.ReadAsync(
                response, options.MaxBodyBytes, response.IsSuccessStatusCode ? read
                    : body => refused(Refusal(response, body)), either.Token);
        }
        catch (TooLongException failure)
        {
            throw KubeException.TooLong(failure.Message, failure);
        }
        catch (Exception failure) when (IsTransport(failure, cancellation))
        {
            throw Answers.Unreachable(request, failure);
        }
    }

    /// <summary>
    /// The lines of a streamed answer; each is valid until the next is asked for. Ends when the server ends it; silence
    /// for longer than <paramref name="silence"/> is a failure.
    /// </summary>
    public async IAsyncEnumerable<ReadOnlySequence<byte>> StreamAsync(
        HttpRequestMessage request, TimeSpan silence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var owned = Prepare(request);
        using var idle = new CancellationTokenSource(silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellation);
        using var response = await OpenAsync(owned, cancellation, either.Token);
        await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
        var lines = new WatchLines(stream, options.MaxLineBytes);
        while (await NextAsync(lines, request, cancellation, either.Token) is { } line)
        {
            idle.CancelAfter(silence);
            yield return line;
        }
    }

    /// <summary><c>gitVersion</c>, for example <c>v1.34.1</c>.</summary>
    public async Task<KubeVersion> GetServerVersionAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/version");
        request.Options.Set(KubeRequest.Repeatable, true);
        var body = await SendAsync(request, cancellation);
        return Answers.Read(body.Span, CoreJson.Default.KubeVersion);
    }

    /// <summary>Whether the server offers this resource; group <c>""</c> is the core group.</summary>
    public async Task<bool> HasResourceAsync(
        string group, string version, string plural, CancellationToken cancellation)
    {
        var path = string.IsNullOrEmpty(group) ? $"/api/{version}" : $"/apis/{group}/{version}";
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Options.Set(KubeRequest.Repeatable, true);
        try
        {
            var body = await SendAsync(request, cancellation);
            var list = Answers.Read(body.Span, CoreJson.Default.ResourceList);
            return list.Resources?.Any(resource => resource.Name == plural) ?? false;
        }
        catch (KubeException missing) when (missing.Status.IsNotFound)
        {
            return false;
        }
    }

    public void Dispose() => http.Dispose();

    private HttpClient Over(RetryHandler retry, Uri server, bool isOwner)
    {
        var client = new HttpClient(retry, disposeHandler: isOwner)
        {
            BaseAddress = server,
            Timeout = Timeout.InfiniteTimeSpan, // each attempt has its own, see RetryHandler; a watch has none
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd(options.UserAgent);
        return client;
    }

    private async Task<HttpResponseMessage> OpenAsync(
        HttpRequestMessage request, CancellationToken callers, CancellationToken cancellation)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            throw new KubeException(
                await BodyParts.ReadAsync(response, options.MaxBodyBytes, body => Refusal(response, body),
                    cancellation));
        }
        catch (Exception failure)
        {
            response?.Dispose();
            if (IsTransport(failure, callers))
            {
                throw Answers.Unreachable(request, failure);
            }

            throw;
        }
    }

    private static KubeStatus Refusal(HttpResponseMessage response, in ReadOnlySequence<byte> body) =>
        Answers.Status(response, body.ToArray());

    private static async Task<ReadOnlySequence<byte>?> NextAsync(
        WatchLines lines, HttpRequestMessage request, CancellationToken callers, CancellationToken cancellation)
    {
        try
        {
            return await lines.NextAsync(cancellation);
        }
        catch (TooLongException failure)
        {
            throw KubeException.TooLong(failure.Message, failure);
        }
        catch (Exception failure) when (IsTransport(failure, callers))
        {
            throw Answers.Unreachable(request, failure);
        }
    }

    /// <summary>Addresses begin with a slash, and a server may live under a path (Rancher's do):
    /// joins the two.</summary>
    private static HttpRequestMessage Prepare(HttpRequestMessage request)
    {
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower);
        if (request.RequestUri is { IsAbsoluteUri: false } relative)
        {
            request.RequestUri = new Uri(relative.OriginalString.TrimStart('/'), UriKind.Relative);
        }

        return request;
    }

    private static bool IsTransport(Exception failure, CancellationToken callers) =>
        // credentials are fetched on the way
        failure is HttpRequestException or IOException or JsonException or KubeConfigException
        || (failure is OperationCanceledException && !callers.IsCancellationRequested);
}
