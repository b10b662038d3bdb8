using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kube.Client;
using Kube.Core;
using Kube.Runtime.Informers;

namespace Kube.Runtime.Events;

/// <summary>
/// Writes <c>status</c> by server-side apply under one field manager, and writes nothing when nothing changed.
/// <c>lastTransitionTime</c> is the writer's business: it moves only when a condition's status does.
/// </summary>
public sealed class StatusWriter<T>(KubeApi<T> api, string fieldManager, TimeProvider time)
    where T : class, IResource<T>
{
    private readonly Lock gate = new();
    // a digest each: 20,000 statuses would be a store of their own
    private readonly Dictionary<ObjectKey, LastWrite> lastWrites = [];
    // at rest the same is said of the same object again and again
    private readonly Dictionary<ObjectKey, Shown> shown = [];

    /// <summary>
    /// Told, at each write, of the first field (<c>status.a.b</c>) that the server left out of its answer: its
    /// definition of the kind does not have it.
    /// </summary>
    public Action<string>? LeftOut { get; init; }

    /// <summary>
    /// Makes the server show this status; true when that took a write. Of <paramref name="wanted"/> only name,
    /// namespace, uid and status count.
    /// </summary>
    /// <param name="wanted">The whole status as it should be; times of conditions are ignored.</param>
    /// <param name="current">The object as the reconcile saw it; may lag behind our own last write.</param>
    /// <param name="cancellation">Cancels the write.</param>
    public async Task<bool> WriteAsync(T wanted, T current, CancellationToken cancellation)
    {
        var key = current.Metadata.Key;
        var text = JsonSerializer.SerializeToUtf8Bytes(wanted, T.Json);
        var saying = Convert.ToBase64String(SHA256.HashData(text));
        if (WasShown(key, current, saying))
        {
            return false;
        }

        var whole = JsonNode.Parse(text)!.AsObject();
        var before = JsonSerializer.SerializeToNode(current, T.Json)!["status"];
        StatusBody.Prune(whole["status"]); // as the request does: what is not sent can't make a difference
        StatusBody.Prune(before);
        ConditionTimes.Drop(whole["status"]);
        var digest = Digest(whole["status"]);
        ConditionTimes.Keep(whole["status"], before, time.GetUtcNow());
        if (IsShown(key, current, digest, JsonNode.DeepEquals(whole["status"], before)))
        {
            Note(key, new Shown(current, saying));
            return false;
        }

        Note(key, null);
        var written = await ApplyAsync(wanted.Metadata.Key, whole["status"] as JsonObject ?? [], cancellation);
        lock (gate)
        {
            lastWrites[key] = new LastWrite(written.Uid, written.ResourceVersion, digest);
        }

        return true;
    }

    /// <summary>The status of an object whose spec can't be read is written all the same.</summary>
    private async Task<ObjectMeta> ApplyAsync(ObjectKey key, JsonObject status, CancellationToken cancellation)
    {
        try
        {
            var written = await api.ApplyStatusAsync(key, status, fieldManager, cancellation);
            Compare(status, written);
            return written.Metadata;
        }
        catch (KubeException written) when (written.Bad is { } bad)
        {
            return bad.Metadata;
        }
    }

    private void Compare(JsonNode? said, T written)
    {
        if (LeftOut is { } tell)
        {
            var stands = JsonSerializer.SerializeToNode(written, T.Json)!["status"];
            StatusBody.Prune(stands);
            if (StatusBody.LeftOut(said, stands) is { } field)
            {
                tell("status" + field);
            }
        }
    }

    /// <summary>Call when an object is gone; what was written of it is of no use any more.</summary>
    public void Forget(ObjectKey key)
    {
        lock (gate)
        {
            lastWrites.Remove(key);
            shown.Remove(key);
        }
    }

    /// <summary>
    /// Whether the server shows the wanted status. A copy that is older than our last write proves nothing, so then
    /// that write counts; at its very version both count, since fields of other managers may stand beside ours.
    /// </summary>
    private bool IsShown(ObjectKey key, T current, string digest, bool equalsCopy)
    {
        lock (gate)
        {
            if (!lastWrites.TryGetValue(key, out var last) || last.Uid != current.Metadata.Uid)
            {
                return equalsCopy;
            }

            var isSameVersion = current.Metadata.ResourceVersion == last.Version;
            var isStale = Versions.Compare(current.Metadata.ResourceVersion, last.Version) < 0;
            return isStale ? digest == last.Digest : equalsCopy || (isSameVersion && digest == last.Digest);
        }
    }

    private bool WasShown(ObjectKey key, T current, string saying)
    {
        lock (gate)
        {
            return shown.TryGetValue(key, out var last) && ReferenceEquals(last.Current, current)
                && last.Saying == saying;
        }
    }

    private void Note(ObjectKey key, Shown? now)
    {
        lock (gate)
        {
            if (now is null)
            {
                shown.Remove(key);
            }
            else
            {
                shown[key] = now;
            }
        }
    }

    private static string Digest(JsonNode? status) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(status?.ToJsonString() ?? "")));

    private sealed record LastWrite(string? Uid, string? Version, string Digest);

    /// <summary>Of this very copy it was found that it shows what was wanted.</summary>
    private sealed record Shown(T Current, string Saying);
}
