using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Reconciling;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>
/// The operator under exactly the rights of <c>examples/manifests/operator</c>: it has them in no tenant's namespace
/// where the platform did not bind them, and what is closed in the cloud waits for none.
/// </summary>
public sealed class RightsStories
{
    private const string Command =
        "kubectl -n tenant-acme create rolebinding byok-operator-tenant --clusterrole=byok-operator-tenant "
            + "--serviceaccount=byok-system:byok-operator";

    private static readonly ObjectKey app = new(Tenant.Namespace, "app");

    [Fact]
    public async Task Without_rights_in_the_namespace_nothing_begins_and_the_command_is_told()
    {
        await using var tenant = await Tenant.MoveInAsync();
        tenant.Stage.PutOut(Tenant.Namespace);
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var key = await tenant.UntilKeyAsync(one => Tenant.ReasonOf(one) == "NoRights");
        Stalled(key.Status!.Conditions).Message.ShouldContain(Command);
        var store = await tenant.UntilAsync(one => Tenant.ReasonOf(one) == "NoRights");
        Stalled(store.Status!.Conditions).Message.ShouldContain(Command);
        tenant.Cloud.Count("s3", "CreateBucket").ShouldBe(0);

        tenant.Stage.Enrol(Tenant.Namespace);
        await tenant.UntilReadyAsync();
    }

    [Fact]
    public async Task
        A_store_in_a_namespace_without_rights_is_denied_on_time_and_not_called_closed_while_its_binding_may_stand()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var ready = await tenant.UntilReadyAsync();
        tenant.Stage.PutOut(Tenant.Namespace);
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");

        var closing = await tenant.UntilAsync(one => Tenant.Is(one, "TargetDenied", "True"));
        (await tenant.ListAsync(ready.Status!.Location!.Bucket, "")).ShouldBeNull();
        closing =
            await tenant.UntilAsync(one => one.Status?.Availability == "Closing" && Tenant.ReasonOf(one) == "NoRights");
        Stalled(closing.Status!.Conditions).Message.ShouldContain(Command);
        (await tenant.BindingStandsAsync()).ShouldBeTrue();

        tenant.Stage.Enrol(Tenant.Namespace);
        await tenant.UntilClosedAsync();
        (await tenant.BindingStandsAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Workloads_stand_still_while_the_store_is_closed_and_as_many_run_again()
    {
        await using var tenant = await Tenant.MoveInAsync();
        var labels = new Dictionary<string, string> { ["byok.dev/uses"] = "store" };
        await tenant.Stage.Kube.Api<Deployment>()
            .CreateAsync(
                new Deployment
                {
                    Metadata = new ObjectMeta { Name = app.Name, Namespace = app.Namespace, Labels = labels },
                    Spec = new ReplicaSpec { Replicas = 3 },
                }, CancellationToken.None);
        await tenant.Stage.Kube.Api<Job>()
            .CreateAsync(
                new Job { Metadata = new ObjectMeta { Name = app.Name, Namespace = app.Namespace, Labels = labels } },
                CancellationToken.None);
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(change: spec =>
            spec with { Workloads = new WorkloadPolicy { Selector = new LabelSelector { MatchLabels = labels } } });
        await tenant.UntilReadyAsync();

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.UntilClosedAsync();
        await UntilAsync(0);
        (await tenant.Stage.Kube.Api<Job>().GetAsync(app, CancellationToken.None)).Spec.Suspend
            .ShouldBeNull("nobody gave the right to suspend Jobs");

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Enabled");
        await tenant.UntilReadyAsync();
        await UntilAsync(3);

        Task UntilAsync(int replicas) =>
            Until.TrueAsync($"{replicas} run",
                async () =>
                    (await tenant.Stage.Kube.Api<Deployment>().GetAsync(app, CancellationToken.None)).Spec?.Replicas
                        == replicas);
    }

    [Fact]
    public async Task Jobs_are_suspended_where_the_platform_gave_the_right()
    {
        await using var tenant = await Tenant.MoveInAsync();
        tenant.Stage.Enrol(Tenant.Namespace, "byok-operator-jobs");
        var labels = new Dictionary<string, string> { ["byok.dev/uses"] = "store" };
        await tenant.Stage.Kube.Api<Job>()
            .CreateAsync(
                new Job { Metadata = new ObjectMeta { Name = app.Name, Namespace = app.Namespace, Labels = labels } },
                CancellationToken.None);
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(change: spec =>
            spec with { Workloads = new WorkloadPolicy { Selector = new LabelSelector { MatchLabels = labels } } });
        await tenant.UntilReadyAsync();

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await UntilAsync(true);
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Enabled");
        await UntilAsync(false);

        Task UntilAsync(bool suspended) =>
            Until.TrueAsync($"suspended: {suspended}",
                async () =>
                    (await tenant.Stage.Kube.Api<Job>().GetAsync(app, CancellationToken.None)).Spec.Suspend
                        == suspended);
    }

    private static Condition Stalled(IReadOnlyList<Condition> conditions) =>
        conditions.Single(one => one.Type == StatusReport.Stalled);
}
