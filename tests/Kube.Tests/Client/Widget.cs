using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kube.Client;
using Kube.Core;

namespace Kube.Tests.Client;

/// <summary>A custom kind with a status of its own.</summary>
public sealed record Widget : IResource<Widget>
{
    private const string Definition = """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"widgets.test.byok.dev"},
         "spec":{"group":"test.byok.dev","scope":"Namespaced","names":{"kind":"Widget","plural":"widgets","singular":"widget","listKind":"WidgetList"},
          "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},"schema":{"openAPIV3Schema":{"type":"object","properties":{
           "spec":{"type":"object","properties":{"size":{"type":"integer"},"colour":{"type":"string"}}},
           "status":{"type":"object","properties":{"progress":{"type":"object","properties":{"done":{"type":"integer"}}},"conditions":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["type"],
            "items":{"type":"object","required":["type","status","reason","lastTransitionTime"],"properties":{"type":{"type":"string"},"status":{"type":"string"},"reason":{"type":"string"},
             "message":{"type":"string"},"observedGeneration":{"type":"integer"},"lastTransitionTime":{"type":"string","format":"date-time"}}}}}}}}}}]}}
        """;

    public static ResourceKind Kind { get; } = new("test.byok.dev", "v1", "Widget", "widgets");

    public static JsonTypeInfo<Widget> Json => WidgetJson.Default.Widget;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public WidgetSpec? Spec { get; init; }

    public WidgetStatus? Status { get; init; }

    /// <summary>Makes the server offer widgets, and waits until it does.</summary>
    public static async Task DefineAsync(KubeClient client, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Patch,
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.test.byok.dev?fieldManager=tests&force=true");
        request.Content = new StringContent(Definition,
            new System.Net.Http.Headers.MediaTypeHeaderValue("application/apply-patch+yaml"));
        await client.SendAsync(request, cancellation);
        while (!await client.HasResourceAsync("test.byok.dev", "v1", "widgets", cancellation))
        {
            await Task.Delay(50, cancellation);
        }
    }
}

public sealed record WidgetSpec(int? Size = null, string? Colour = null);

public sealed record WidgetStatus(IReadOnlyList<Condition>? Conditions = null, WidgetProgress? Progress = null);

public sealed record WidgetProgress(int? Done = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Widget))]
internal sealed partial class WidgetJson : JsonSerializerContext;
