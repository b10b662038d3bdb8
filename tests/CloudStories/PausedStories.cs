using ByokOperator.Api;
using ByokOperator.Places;
using ByokOperator.Stores;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>The tenant rotates its key where that has to be confirmed:
/// on either cloud the workloads stand still until it is.</summary>
public sealed class PausedStories
{
    private static readonly Dictionary<string, string> labels = new() { ["byok.dev/uses"] = "store" };

    private static readonly ObjectKey app = new(TenantLife.Acme, "app");

    [Fact(Timeout = LastResort.Story)]
    public Task On_Aws_a_rotation_pauses_the_workloads_until_it_is_confirmed() => RotateAsync(new AwsScene());

    [Fact(Timeout = LastResort.Story)]
    public Task On_Azure_a_rotation_pauses_the_workloads_until_it_is_confirmed() => RotateAsync(new AzureScene());

    private static async Task RotateAsync(ICloudScene scene)
    {
        await using var tenant = await TenantLife.BeginAsync(scene);
        await tenant.Stage.Kube.Api<Deployment>().CreateAsync(
            new Deployment
            {
                Metadata = new ObjectMeta { Name = app.Name, Namespace = app.Namespace, Labels = labels },
                Spec = new ReplicaSpec { Replicas = 2 },
            }, CancellationToken.None);
        await tenant.Scene.PutSharedAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync(key =>
            key with { Rotation = new KeyRotation { Confirmation = KeyRotation.Manual } });
        await tenant.ApplyStoreAsync(change: store =>
            store with { Workloads = new WorkloadPolicy { Selector = new LabelSelector { MatchLabels = labels } } });
        var place = (await tenant.UntilReadyAsync()).Status!.Location!;

        tenant.Scene.RotateKey();
        var paused = await tenant.UntilAsync(store => store.Status?.Availability == StoreVerdict.Paused);
        TenantLife.Is(paused, "VersionConfirmed", "False").ShouldBeTrue();
        await RunningAsync(tenant, 0);
        (await tenant.BindingAsync()).ShouldNotBeNull("the binding is untouched");
        (await tenant.Scene.ReadAsync(place, "acme/a.txt")).ShouldBe("one", "and the data");

        await tenant.ApplyKeyAsync(key =>
            key with
            {
                Rotation =
                    new KeyRotation { Confirmation = KeyRotation.Manual, ConfirmedVersion = tenant.Scene.Version },
            });
        await tenant.UntilReadyAsync();
        await RunningAsync(tenant, 2);
    }

    private static Task RunningAsync(TenantLife tenant, int replicas) => Until.TrueAsync(
        $"{replicas} run",
        async () =>
            (await tenant.Stage.Kube.Api<Deployment>().GetAsync(app, CancellationToken.None)).Spec?.Replicas
                == replicas);
}
