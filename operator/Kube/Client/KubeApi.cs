using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kube.Core;
using Kube.Core.Kinds;

namespace Kube.Client;

/// <summary>
/// The typed verbs of one kind. With <see cref="PartialObject{TKind}"/> reads and watches carry metadata only.
/// There is no update: a PUT would drop fields that this client does not know.
/// </summary>
public sealed class KubeApi<T>(KubeClient client)
    where T : class, IResource<T>
{
    public async Task<T> GetAsync(ObjectKey key, CancellationToken cancellation) =>
        await SendAsync(KubeRequest.Get<T>(key), cancellation);

    /// <summary>Null when it is not there; every other failure is thrown.</summary>
    public async Task<T?> TryGetAsync(ObjectKey key, CancellationToken cancellation)
    {
        try
        {
            return await GetAsync(key, cancellation);
        }
        catch (KubeException missing) when (missing.Status.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>One page; <paramref name="continueFrom"/> is the last page's <see cref="KubeList{T}.Continue"/>.</summary>
    public async Task<KubeList<T>> ListPageAsync(
        Selection selection, string? continueFrom, CancellationToken cancellation, int limit = KubeRequest.PageSize)
    {
        using var request = KubeRequest.List<T>(selection, limit, continueFrom);
        return await client.SendAsync(request, ReadPage, cancellation);
    }

    /// <summary>All pages of one consistent list. Throws 410 (<c>IsExpired</c>) when it took so long that the server forgot.</summary>
    public async IAsyncEnumerable<KubeList<T>> ListAsync(
        Selection selection, [EnumeratorCancellation] CancellationToken cancellation, int limit = KubeRequest.PageSize)
    {
        string? continueFrom = null;
        do
        {
            var page = await ListPageAsync(selection, continueFrom, cancellation, limit);
            yield return page;
            continueFrom = page.Continue;
        }
        while (continueFrom is not null);
    }

    /// <summary>
    /// What happens after a version. Ends when the server ends it (open again at the last version seen); throws when it is
    /// refused, expired (410: list again), broken, or silent for too long.
    /// </summary>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync(
        Selection selection, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var options = client.Options;
        var seconds = (int)Math.Max(1, options.WatchServerTimeout.TotalSeconds);
        var silence = options.WatchServerTimeout + options.WatchMargin;
        using var request = KubeRequest.Watch<T>(selection, resourceVersion, seconds);
        await foreach (var line in client.StreamAsync(request, silence, cancellation))
        {
            var seen = Parse(line);
            if (seen is WatchEvent<T>.Failed failed)
            {
                throw new KubeException(failed.Status);
            }

            if (seen is not null)
            {
                yield return seen;
            }
        }
    }

    /// <summary>Server-side apply. Without <paramref name="force"/>, a field that another manager owns is a conflict (409).</summary>
    public async Task<T> ApplyAsync(T desired, string fieldManager, CancellationToken cancellation, bool force = true) =>
        await SendAsync(KubeRequest.Apply(desired, fieldManager, force), cancellation);

    /// <summary>
    /// Applies <c>status</c> alone, on the status subresource. Kubernetes 1.20 can't take a nested field away by an apply
    /// (they store null, and refuse it); from the first such refusal on, this client says the same by merge patches.
    /// </summary>
    public async Task<T> ApplyStatusAsync(T desired, string fieldManager, CancellationToken cancellation, bool force = true)
    {
        if (!client.MergesStatus)
        {
            try
            {
                return await SendAsync(KubeRequest.ApplyStatus(desired, fieldManager, force), cancellation);
            }
            catch (KubeException refused) when (refused.Status.IsInvalid && refused.Message.Contains("Invalid value: \"null\"", StringComparison.Ordinal))
            {
                client.MergesStatus = true;
            }
        }

        using var get = KubeRequest.Get<T>(desired.Metadata.Key);
        var body = await client.SendAsync(get, cancellation);
        var current = Answers.Read(body.Span, CoreJson.Default.JsonObject)["status"] as JsonObject;
        return await SendAsync(KubeRequest.MergeStatus(desired, current), cancellation);
    }

    /// <summary>A <c>test</c> that does not hold is refused with 422 (<c>IsInvalid</c>) and nothing is changed.</summary>
    public async Task<T> PatchJsonAsync(ObjectKey key, JsonPatch patch, CancellationToken cancellation) =>
        await SendAsync(KubeRequest.PatchJson<T>(key, patch), cancellation);

    public async Task<T> PatchMergeAsync(
        ObjectKey key, JsonObject patch, CancellationToken cancellation, string? subresource = null) =>
        await SendAsync(KubeRequest.PatchMerge<T>(key, patch, subresource), cancellation);

    public async Task<T> CreateAsync(T desired, CancellationToken cancellation, string? fieldManager = null) =>
        await SendAsync(KubeRequest.Create(desired, fieldManager), cancellation);

    /// <summary>False when it was not there. A precondition that does not hold is a conflict (409).</summary>
    public async Task<bool> DeleteAsync(ObjectKey key, DeleteOptions? options, CancellationToken cancellation)
    {
        using var request = KubeRequest.Delete<T>(key, options);
        try
        {
            await client.SendAsync(request, cancellation);
            return true;
        }
        catch (KubeException missing) when (missing.Status.IsNotFound)
        {
            return false;
        }
    }

    private async Task<T> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using (request)
        {
            var body = await client.SendAsync(request, cancellation);
            return Answers.Read(body.Span, T.Json);
        }
    }

    private static KubeList<T> ReadPage(ReadOnlySequence<byte> body)
    {
        try
        {
            return KubeList.Parse<T>(body);
        }
        catch (JsonException broken)
        {
            throw KubeException.Unreachable($"The list of {T.Kind.Plural} can't be read: {broken.Message}", broken);
        }
    }

    private static WatchEvent<T>? Parse(ReadOnlySequence<byte> line)
    {
        try
        {
            return WatchEvent.Parse<T>(line.IsSingleSegment ? line.FirstSpan : line.ToArray());
        }
        catch (JsonException broken)
        {
            throw KubeException.Unreachable($"A watch line of {T.Kind.Plural} can't be read: {broken.Message}", broken);
        }
    }
}
