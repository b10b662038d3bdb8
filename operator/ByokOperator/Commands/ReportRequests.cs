using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reports.Signing;
using ByokOperator.Stores;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Commands;

/// <summary>Asks the operator for reports and waits for them. All are asked for first,
/// so that waiting for one is waiting for all.</summary>
internal sealed class ReportRequests(KubeClient client, TimeSpan wait, TimeProvider time)
{
    private static readonly TimeSpan poll = TimeSpan.FromMilliseconds(500);

    private readonly string request = time.GetUtcNow().UtcDateTime
        .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    private readonly DateTimeOffset until = time.GetUtcNow() + wait;

    /// <returns>Null; else why nobody will write one.</returns>
    public async Task<string?> AskAsync(ObjectKey store, CancellationToken cancellation)
    {
        if (wait <= TimeSpan.Zero)
        {
            return null;
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Labels.ReportAt] = request } },
        };
        try
        {
            await client.Api<EncryptedStore>().PatchMergeAsync(store, patch, cancellation);
            return null;
        }
        catch (KubeException refused) when (!refused.Status.IsUnreachable)
        {
            return refused.Message;
        }
    }

    /// <returns>The report, or why there is none.</returns>
    public async Task<(SignedReport? Report, string Why)> ReadAsync(ObjectKey store, CancellationToken cancellation)
    {
        var address = new ObjectKey(store.Namespace, StoreNames.ReportOf(store.Name));
        while (true)
        {
            var map = await client.Api<ConfigMap>().TryGetAsync(address, cancellation);
            var isFresh = map?.Metadata.Annotations?.GetValueOrDefault(ReportMap.AnswersAnnotation) == request;
            if (map is not null && (isFresh || wait <= TimeSpan.Zero))
            {
                return ReportMap.Signed(map) is { } signed ? (signed, "")
                    : (null, $"{address.Name} holds no {ReportMap.Entry}");
            }

            if (time.GetUtcNow() >= until)
            {
                return (null, map is null
                    ? $"no report of {store} stands: see the store's conditions"
                    : $"no fresh report of {store} within --wait: see the store's conditions, or print the last one "
                        + "with --wait 0s");
            }

            await Task.Delay(poll, time, cancellation);
        }
    }

    /// <summary>Null where it is no document at all: somebody wrote into it.</summary>
    public static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
