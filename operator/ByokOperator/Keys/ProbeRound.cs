using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Keys;

/// <summary>
/// What a probe reads by name in the tenant's namespace, where nothing is watched: whether the policy is published as
/// it has to be, and whether somebody touched what the stores under the key have there; and when the key ends by
/// itself. It comes after the judgement, which waits for none of it.
/// </summary>
internal sealed class ProbeRound(OperatorContext around)
{
    /// <summary>An API server that takes longer is busy; the next probe must not be late for it.</summary>
    private static readonly TimeSpan timeout = TimeSpan.FromSeconds(2);

    private const int SideBySide = 8;

    private readonly KeyEnds ends = new(around);

    public async Task<KeyWorld> LookAsync(TenantEncryptionKey key, KeyWorld world, CancellationToken cancellation)
    {
        if (world.IsHeldOff || key.IsRecordedOnly)
        {
            return world;
        }

        using var soon = new CancellationTokenSource(timeout, around.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(soon.Token, cancellation);
        var glance = around.FactReader.At(cancellation, either.Token);
        var standing = around.Cluster.Standing(key);
        var published =
            world.RequiredPolicy is null or "" || around.Cluster.BindingOf(standing.Tenant) is not { } binding
                ? Task.FromResult(world.PublishedPolicy)
                : PublishedAsync(standing, binding, glance);
        List<ObjectKey> touched = [];
        foreach (var some
            in around.Children.InTurn(around.Cluster.StoresOf(key.Metadata.Key).Select(store => store.Metadata.Key))
                .Chunk(SideBySide))
        {
            if (either.IsCancellationRequested)
            {
                break;
            }

            touched.AddRange(
                (await Task.WhenAll(
                    some.Select(async store => (Store: store, IsTouched: await IsTouchedAsync(store, glance)))))
                    .Where(one => one.IsTouched).Select(one => one.Store));
        }

        return await ends.LookAsync(standing, world with { PublishedPolicy = await published, Touched = touched },
            glance);
    }

    private Task<Fact<string?>> PublishedAsync(TenantEncryptionKey key, KeyBinding binding, Glance glance) =>
        glance.OfAsync(async cancellation =>
            await around.Kube.Api<ConfigMap>().TryGetAsync(KeyPolicyMap.AddressOf(key), cancellation) is { } map
                ? KeyPolicyMap.DigestOf(map, KeyPolicyMap.For(key, binding, around.Cloud.Policies))
                : null);

    /// <summary>What could not be seen is looked at with the next probe, and by the store itself.</summary>
    private async Task<bool> IsTouchedAsync(ObjectKey store, Glance glance) =>
        (await glance.OfAsync(cancellation => around.Children.HasChangedAsync(store, cancellation))).ForDisplay();
}
