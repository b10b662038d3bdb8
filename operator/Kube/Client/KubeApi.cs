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
    /// <summary>Throws what <see cref="KubeException.Unreadable"/> makes where the object stands and can't be read; so
    /// does every verb that answers with one.</summary>
    public async Task<T> GetAsync(ObjectKey key, CancellationToken cancellation, string? subresource = null) =>
        await SendAsync(KubeRequest.Get<T>(key, subresource), cancellation);

    /// <summary>Null when it is not there; every other failure is thrown.</summary>
    public async Task<T?> TryGetAsync(ObjectKey key, CancellationToken cancellation)
    {
        using var request = KubeRequest.Get<T>(key);
        return await client.TrySendAsync(request, ReadObject, cancellation);
    }

    /// <summary>One page; <paramref name="continueFrom"/> is the last page's
    /// <see cref="KubeList{T}.Continue"/>.</summary>
    /// <param name="selection">Which objects.</param>
    /// <param name="continueFrom">Null asks for the first page.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <param name="size">How many objects; made smaller here, and kept so,
    /// while pages are longer than this client takes.</param>
    public async Task<KubeList<T>> ListPageAsync(
        Selection selection, string? continueFrom, CancellationToken cancellation, PageSize? size = null)
    {
        size ??= new PageSize();
        while (true)
        {
            using var request = KubeRequest.List<T>(selection, size.Current, continueFrom);
            try
            {
                return await client.SendAsync(request, ReadPage, cancellation);
            }
            catch (KubeException tooLong) when (tooLong.Status.IsTooLong && size.Shrink())
            {
                // A page of fewer objects goes on from the same place.
            }
        }
    }

    /// <summary>
    /// All pages of one consistent list. Throws 410 (<c>IsExpired</c>) when it took so long that the server forgot.
    /// What can't be read stands beside the items of its page.
    /// </summary>
    public async IAsyncEnumerable<KubeList<T>> ListAsync(
        Selection selection, [EnumeratorCancellation] CancellationToken cancellation, int limit = KubeRequest.PageSize)
    {
        var size = new PageSize(limit);
        string? continueFrom = null;
        do
        {
            var page = await ListPageAsync(selection, continueFrom, cancellation, size);
            yield return page;
            continueFrom = page.Continue;
        }
        while (continueFrom is not null);
    }

    /// <summary>
    /// What happens after a version. Ends when the server ends it (open again at the last version seen); throws when it
    /// is refused, expired (410: list again), broken, or silent for too long; or at a line that is too long or no event
    /// at all, which would be in the way again from the same version (list again).
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

    /// <summary>Server-side apply. Without <paramref name="force"/>,
    /// a field that another manager owns is a conflict (409).</summary>
    public async Task<T> ApplyAsync(
        T desired, string fieldManager, CancellationToken cancellation, bool force = true) =>
        await SendAsync(KubeRequest.Apply(desired, fieldManager, force), cancellation);

    /// <summary>
    /// Applies <c>status</c> alone, on the status subresource. A condition that another manager made (by a patch, or
    /// from a backup) stays when an apply leaves it out, without what the apply had changed of it, and the rest is
    /// refused as invalid: then the whole status is said by a merge patch, which takes it away from everybody.
    /// Kubernetes 1.20 refuses whatever takes a nested field away (it stores null there); from the first such refusal
    /// on, this client says the same by merge patches.
    /// </summary>
    public Task<T> ApplyStatusAsync(
        T desired, string fieldManager, CancellationToken cancellation, bool force = true) =>
        ApplyStatusAsync(desired.Metadata.Key, KubeRequest.Status(desired), fieldManager, cancellation, force);

    /// <summary>The same of a status without what says nothing; it stays the caller's.</summary>
    internal async Task<T> ApplyStatusAsync(
        ObjectKey key, JsonObject status, string fieldManager, CancellationToken cancellation, bool force = true)
    {
        if (!client.MergesStatus)
        {
            try
            {
                return await SendAsync(KubeRequest.ApplyStatus<T>(key, status, fieldManager, force), cancellation);
            }
            catch (KubeException refused) when (refused.Status.IsInvalid)
            {
                client.MergesStatus =
                    refused.Message.Contains("Invalid value: \"null\"", StringComparison.Ordinal);
            }
        }

        using var get = KubeRequest.Get<T>(key);
        var body = await client.SendAsync(get, cancellation);
        var current = Answers.Read(body.Span, CoreJson.Default.JsonObject)["status"] as JsonObject;
        return await SendAsync(KubeRequest.MergeStatus<T>(key, status, current), cancellation);
    }

    /// <summary>A <c>test</c> that does not hold is refused with 422 (<c>IsInvalid</c>)
    /// and nothing is changed.</summary>
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
            return await client.SendAsync(request, ReadObject, cancellation);
        }
    }

    private static T ReadObject(ReadOnlySequence<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, TolerantRead.Options);
            return JsonSerializer.Deserialize(ref reader, T.Json) ?? throw new JsonException("null");
        }
        catch (Exception broken) when (broken is JsonException or FormatException or InvalidOperationException)
        {
            throw Unread(body, broken);
        }
    }

    /// <summary>An object that names itself stands and can't be read; anything else is no answer.</summary>
    private static KubeException Unread(in ReadOnlySequence<byte> body, Exception broken)
    {
        try
        {
            if (Quarantined.Of<T>(body, broken) is { IsNameless: false } bad)
            {
                return KubeException.Unreadable(T.Kind, bad, broken);
            }
        }
        catch (JsonException)
        {
            // No JSON at all: a proxy's page, or half an answer.
        }

        return KubeException.Unreachable($"The answer is not a {T.Kind.Kind}: {UnreadableReason.Of(broken)}", broken);
    }

    private static KubeList<T> ReadPage(ReadOnlySequence<byte> body)
    {
        try
        {
            return KubeList.Parse<T>(body);
        }
        catch (Exception broken) when (broken is JsonException or FormatException or InvalidOperationException)
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
        catch (Exception broken) when (broken is JsonException or FormatException or InvalidOperationException)
        {
            throw KubeException.Unreadable(T.Kind,
                new Quarantined(new(), $"a watch line: {UnreadableReason.Of(broken)}"), broken);
        }
    }
}
