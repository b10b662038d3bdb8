using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace Kube.Tests.Client;

/// <summary>What becomes of dependants; a real server needs its controllers for these.</summary>
public sealed class ConformanceOfDeletionTests
{
    private const string Finalizer = "byok.dev/test";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task In_the_background_the_owner_goes_first_and_its_dependants_follow(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var (owner, dependant) = await FamilyAsync(server);

        await server.Client.Api<Job>()
            .DeleteAsync(owner.Key, new() { Propagation = Propagation.Background }, Cancellation);

        (await server.Client.Api<Job>().TryGetAsync(owner.Key, Cancellation)).ShouldBeNull();
        await GoneAsync<ConfigMap>(server, dependant.Key);
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task In_the_foreground_the_owner_waits_for_a_dependant_that_has_a_finalizer(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var (owner, dependant) = await FamilyAsync(server);
        var configs = server.Client.Api<ConfigMap>();
        await configs.PatchJsonAsync(dependant.Key, Finalizers.Adding(dependant, Finalizer)!, Cancellation);

        await server.Client.Api<Job>()
            .DeleteAsync(owner.Key, new() { Propagation = Propagation.Foreground }, Cancellation);

        var waiting = await UntilAsync(() => configs.GetAsync(dependant.Key, Cancellation),
            config => config.Metadata.DeletionTimestamp is not null);
        (await server.Client.Api<Job>().GetAsync(owner.Key, Cancellation)).Metadata.Finalizers
            .ShouldBe(["foregroundDeletion"]);
        await configs.PatchJsonAsync(dependant.Key, Finalizers.Removing(waiting.Metadata, Finalizer)!, Cancellation);
        await GoneAsync<ConfigMap>(server, dependant.Key);
        await GoneAsync<Job>(server, owner.Key);
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task Orphans_stay_and_lose_their_owner(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var (owner, dependant) = await FamilyAsync(server);

        await server.Client.Api<Job>().DeleteAsync(owner.Key, new() { Propagation = Propagation.Orphan }, Cancellation);

        await GoneAsync<Job>(server, owner.Key);
        var left = await server.Client.Api<ConfigMap>().GetAsync(dependant.Key, Cancellation);
        (left.Metadata.OwnerReferences ?? []).ShouldBeEmpty();
        left.Metadata.DeletionTimestamp.ShouldBeNull();
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task A_job_deleted_without_saying_how_leaves_its_dependants_behind(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var (owner, dependant) = await FamilyAsync(server);

        await server.Client.Api<Job>().DeleteAsync(owner.Key, null, Cancellation);

        await GoneAsync<Job>(server, owner.Key);
        (await server.Client.Api<ConfigMap>().GetAsync(dependant.Key, Cancellation)).Metadata.DeletionTimestamp
            .ShouldBeNull();
    }

    private static async Task<(ObjectMeta Owner, ObjectMeta Dependant)> FamilyAsync(ApiServer server)
    {
        var job = await server.Client.Api<Job>().CreateAsync(
            new()
            {
                Metadata = new() { Name = "owner", Namespace = server.Namespace },
                Spec = new()
                {
                    Parallelism = 0,
                    Template = new()
                    {
                        Spec = new() { RestartPolicy = "Never", Containers = [new() { Name = "c", Image = "none" }] },
                    },
                },
            },
            Cancellation);
        var reference = new OwnerReference
        {
            ApiVersion = Job.Kind.ApiVersion, Kind = Job.Kind.Kind, Name = "owner", Uid = job.Metadata.Uid!,
            Controller = true, BlockOwnerDeletion = true,
        };
        var config = await server.Client.Api<ConfigMap>().CreateAsync(
            new()
            {
                Metadata = new() { Name = "dependant", Namespace = server.Namespace, OwnerReferences = [reference] },
            }, Cancellation);
        return (job.Metadata, config.Metadata);
    }

    private static async Task GoneAsync<T>(ApiServer server, ObjectKey key)
        where T : class, IResource<T> =>
        await UntilAsync(() => server.Client.Api<T>().TryGetAsync(key, Cancellation), found => found is null);

    /// <summary>A real server's controllers take their time; the bound only turns a hang into a failure.</summary>
    private static async Task<TFound> UntilAsync<TFound>(Func<Task<TFound>> look, Func<TFound, bool> wanted)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        bound.CancelAfter(TimeSpan.FromMinutes(5));
        while (true)
        {
            var found = await look();
            if (wanted(found))
            {
                return found;
            }

            await Task.Delay(20, bound.Token);
        }
    }
}
