using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using Microsoft.Extensions.Logging.Abstractions;
using Quickstart;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>
/// In tenants' namespaces the operator watches its own kinds and reads all else by name at each probe. A store at rest
/// is looked at every ten minutes: what is noticed earlier was noticed by a probe.
/// </summary>
public sealed class NamedReadStories
{
    private static readonly ObjectKey binding = new(Tenant.Namespace, "store-binding");
    private static readonly ObjectKey policy = new(Tenant.Namespace, "key-policy");

    [Fact]
    public async Task What_somebody_edits_or_takes_away_in_the_tenants_namespace_stands_again_at_the_next_probe()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();
        var maps = tenant.Stage.Kube.Api<ConfigMap>();
        var bound = await maps.GetAsync(binding, CancellationToken.None);
        var published = await maps.GetAsync(policy, CancellationToken.None);

        await maps.DeleteAsync(binding, null, CancellationToken.None);
        await maps.DeleteAsync(policy, null, CancellationToken.None);
        await UntilSaysAsync(binding, bound);
        await UntilSaysAsync(policy, published);

        await EditAsync(binding, "bucket", "somebodys");
        await EditAsync(policy, published.Data!.Keys.First(), "{}");
        await UntilSaysAsync(binding, bound);
        await UntilSaysAsync(policy, published);

        Task EditAsync(ObjectKey map, string entry, string value) =>
            maps.PatchMergeAsync(map, new JsonObject { ["data"] = new JsonObject { [entry] = value } },
                CancellationToken.None);
        Task UntilSaysAsync(ObjectKey map, ConfigMap what) => Until.TrueAsync($"{map} says what it said", async () =>
            (await maps.TryGetAsync(map, CancellationToken.None))?.Data is { } data
                && what.Data!.All(entry => data.GetValueOrDefault(entry.Key) == entry.Value));
    }

    [Fact]
    public async Task No_configmap_and_no_secret_of_tenants_namespaces_is_listed_or_watched()
    {
        var collections = new ConcurrentBag<string>();
        await using var tenant = await Tenant.MoveInWithAsync(stage =>
        {
            stage.Server!.Asked += call => collections.Add(call.Path);
            stage.StartOperator(NullLoggerFactory.Instance);
        });
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();
        collections.ShouldContain($"/api/v1/namespaces/{Stage.SystemNamespace}/configmaps", "its own are");
        collections.Where(path =>
            path.EndsWith("/configmaps", StringComparison.Ordinal)
                || path.EndsWith("/secrets", StringComparison.Ordinal))
            .Where(path => !path.StartsWith($"/api/v1/namespaces/{Stage.SystemNamespace}/", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }
}
