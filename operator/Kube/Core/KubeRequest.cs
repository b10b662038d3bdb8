using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kube.Core;

/// <summary>
/// Requests are values: building one does no I/O, so every address and body has a test without a server.
/// Addresses are relative; the client knows the host. There is no PUT: it would drop what this client does not know.
/// </summary>
public static class KubeRequest
{
    /// <summary>Objects per list page: the apiserver's own tools use it; a page stays in the low megabytes.</summary>
    public const int PageSize = 500;

    /// <summary>May be sent again after an attempt whose effect is not known.</summary>
    public static readonly HttpRequestOptionsKey<bool> Repeatable = new("kube.repeatable");

    public static HttpRequestMessage Get<T>(ObjectKey key, string? subresource = null)
        where T : class, IResource<T> =>
        Reading<T>(T.Kind.Path(key.Namespace, key.Name, subresource), "PartialObjectMetadata");

    public static HttpRequestMessage List<T>(
        Selection selection, int limit = PageSize, string? continueFrom = null)
        where T : class, IResource<T>
    {
        ArgumentNullException.ThrowIfNull(selection);
        var query = new Query()
            .Add("limit", limit)
            .Add("continue", continueFrom)
            .Add("labelSelector", selection.Labels)
            .Add("fieldSelector", selection.Fields);
        return Reading<T>(T.Kind.Path(selection.Namespace) + query, "PartialObjectMetadataList");
    }

    public static HttpRequestMessage Watch<T>(
        Selection selection, string resourceVersion, int timeoutSeconds)
        where T : class, IResource<T>
    {
        ArgumentNullException.ThrowIfNull(selection);
        var query = new Query()
            .Add("watch", "true")
            .Add("resourceVersion", resourceVersion)
            .Add("timeoutSeconds", timeoutSeconds)
            .Add("allowWatchBookmarks", "true")
            .Add("labelSelector", selection.Labels)
            .Add("fieldSelector", selection.Fields);
        return Reading<T>(T.Kind.Path(selection.Namespace) + query, "PartialObjectMetadata");
    }

    /// <summary>Server-side apply: the body holds the wanted fields and no others. Safe to repeat.</summary>
    public static HttpRequestMessage Apply<T>(T desired, string fieldManager, bool force = true)
        where T : class, IResource<T>
    {
        ArgumentNullException.ThrowIfNull(desired);
        return Applying<T>(desired.Metadata.Key, null, JsonSerializer.SerializeToUtf8Bytes(desired, T.Json),
            fieldManager, force);
    }

    /// <summary>
    /// Applies <c>status</c> alone: the body has an address and a status, whatever else the value holds. No uid either:
    /// no version of the server heeds it here, so a namesake made meanwhile gets this status until it is looked at.
    /// </summary>
    public static HttpRequestMessage ApplyStatus<T>(T desired, string fieldManager, bool force = true)
        where T : class, IResource<T>
    {
        ArgumentNullException.ThrowIfNull(desired);
        return ApplyStatus<T>(desired.Metadata.Key, Status(desired), fieldManager, force);
    }

    /// <summary>The same of a status as <see cref="Status"/> makes it; it stays the caller's.</summary>
    internal static HttpRequestMessage ApplyStatus<T>(
        ObjectKey key, JsonObject status, string fieldManager, bool force = true)
        where T : class, IResource<T>
    {
        var metadata = new JsonObject { ["name"] = key.Name };
        AddIfPresent(metadata, "namespace", key.Namespace);
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion", T.Kind.ApiVersion);
            writer.WriteString("kind", T.Kind.Kind);
            writer.WritePropertyName("metadata");
            metadata.WriteTo(writer);
            if (status.Count > 0)
            {
                writer.WritePropertyName("status");
                status.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Applying<T>(key, "status", body.WrittenSpan.ToArray(), fieldManager, force);
    }

    /// <summary>For servers that refuse a status apply because of what it takes away:
    /// the same as a merge patch.</summary>
    internal static HttpRequestMessage MergeStatus<T>(ObjectKey key, JsonObject status, JsonObject? current)
        where T : class, IResource<T> =>
        PatchMerge<T>(key, new JsonObject { ["status"] = StatusBody.Difference(current, status) }, "status");

    /// <summary>As it goes over the wire: without what says nothing.</summary>
    internal static JsonObject Status<T>(T desired)
        where T : class, IResource<T>
    {
        var status = JsonSerializer.SerializeToNode(desired, T.Json)!["status"] as JsonObject ?? [];
        StatusBody.Prune(status);
        return status;
    }

    public static HttpRequestMessage PatchJson<T>(ObjectKey key, JsonPatch patch)
        where T : class, IResource<T>
    {
        ArgumentNullException.ThrowIfNull(patch);
        return Writing(HttpMethod.Patch, T.Kind.Path(key.Namespace, key.Name), Utf8(patch.ToJson()),
            "application/json-patch+json");
    }

    /// <summary>A JSON merge patch: says what fields become, so it is safe to repeat.</summary>
    public static HttpRequestMessage PatchMerge<T>(ObjectKey key, JsonObject patch, string? subresource = null)
        where T : class, IResource<T>
    {
        ArgumentNullException.ThrowIfNull(patch);
        var request = Writing(HttpMethod.Patch, T.Kind.Path(key.Namespace, key.Name, subresource), Utf8(patch),
            "application/merge-patch+json");
        request.Options.Set(Repeatable, true);
        return request;
    }

    public static HttpRequestMessage Create<T>(T desired, string? fieldManager = null)
        where T : class, IResource<T>
    {
        ArgumentNullException.ThrowIfNull(desired);
        var query = new Query().Add("fieldManager", fieldManager);
        var body = JsonSerializer.SerializeToUtf8Bytes(desired, T.Json);
        return Writing(HttpMethod.Post, T.Kind.Path(desired.Metadata.Namespace) + query, body, "application/json");
    }

    /// <summary>Safe to repeat only when bound to one object by its uid.</summary>
    public static HttpRequestMessage Delete<T>(ObjectKey key, DeleteOptions? options = null)
        where T : class, IResource<T>
    {
        options ??= new DeleteOptions();
        var preconditions = new JsonObject();
        AddIfPresent(preconditions, "uid", options.Uid);
        AddIfPresent(preconditions, "resourceVersion", options.ResourceVersion);
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (preconditions.Count > 0)
        {
            body["preconditions"] = preconditions;
        }

        AddIfPresent(body, "propagationPolicy", options.Propagation?.ToString());
        var request = Writing(HttpMethod.Delete, T.Kind.Path(key.Namespace, key.Name), Utf8(body), "application/json");
        request.Options.Set(Repeatable, options.Uid is not null);
        return request;
    }

    private static HttpRequestMessage Reading<T>(string address, string partialKind)
        where T : class, IResource<T>
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        var accept = T.MetadataOnly ? $"application/json;as={partialKind};g=meta.k8s.io;v=v1" : "application/json";
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        request.Options.Set(Repeatable, true);
        return request;
    }

    private static HttpRequestMessage Applying<T>(
        ObjectKey key, string? subresource, byte[] body, string fieldManager, bool force)
        where T : class, IResource<T>
    {
        var query = new Query().Add("fieldManager", fieldManager).Add("force", force ? "true" : "false");
        var address = T.Kind.Path(key.Namespace, key.Name, subresource) + query;
        var request = Writing(HttpMethod.Patch, address, ApplyBody.FromJson(body), "application/apply-patch+yaml");
        request.Options.Set(Repeatable, true);
        return request;
    }

    private static HttpRequestMessage Writing(HttpMethod method, string address, byte[] body, string contentType)
    {
        var request = new HttpRequestMessage(method, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return request;
    }

    private static byte[] Utf8(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());

    private static void AddIfPresent(JsonObject json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json[name] = value;
        }
    }

    private sealed class Query
    {
        private readonly StringBuilder text = new();

        public Query Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }

            return this;
        }

        public Query Add(string name, int value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

        public override string ToString() => text.ToString();
    }
}

/// <summary>Which objects of a kind a list or watch is about; an empty namespace means all of them.</summary>
/// <param name="Namespace">Null or empty: every namespace.</param>
/// <param name="Labels">A label selector in the API's own syntax, for example <c>app=x,tier in (a,b)</c>.</param>
/// <param name="Fields">A field selector, for example <c>metadata.name=x</c>.</param>
public sealed record Selection(string? Namespace = null, string? Labels = null, string? Fields = null)
{
    public static Selection Everything { get; } = new();
}
