using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.LeaderElection;
using Kube.Runtime.Events;

namespace ByokOperator.Keys;

/// <summary>Performs what a key's ladder decided, each on a live look at its precondition.</summary>
internal sealed class KeyActs(
    OperatorContext around, KeyRecords records, KeyLiveReads live, ImportActs imports, LeadershipFence fence)
{
    private readonly AuthorityGate authority = new(around);
    private readonly FinalizerWriter<TenantEncryptionKey> finalizer =
        new(around.Kube.Api<TenantEncryptionKey>(), Labels.Finalizer);

    public async Task<KeyWorld?> PerformAsync(
        TenantEncryptionKey key, KeyWorld world, Act act, CancellationToken cancellation)
    {
        // a refused one's record names what was begun, and no more
        if (KeyLadder.Begins(act) || (act is KeyAct.RecordSpec && !world.IsRefused))
        {
            await authority.DemandAsync(key, cancellation);
        }

        if (act.IsDestructive)
        {
            fence.ThrowIfLost();
        }

        switch (act)
        {
            case KeyAct.Claim:
                return Saw(await finalizer.AddAsync(key, cancellation)) is { } claimed
                    && Finalizers.Has(claimed.Metadata, Labels.Finalizer)
                    ? world with { IsClaimed = true }
                    : null;
            case KeyAct.PublishPolicy publish:
                await PublishAsync(key, publish.Digest, cancellation);
                return world with { PublishedPolicy = Fact.Seen<string?>(publish.Digest) };
            case KeyAct.SaveCanary save:
                await records.SaveCanaryAsync(key, save.Region, save.Canary, cancellation);
                return null;
            case KeyAct.EndRecord:
                await EndAsync(key, cancellation);
                return null;
            case KeyAct.RecordSpec:
                await records.SaveSpecAsync(key, world.IsRefused, cancellation);
                return world with { IsSpecRecorded = true };
            case KeyAct.RenewCanary renew:
                await records.RenewCanaryAsync(key, renew.Region, renew.Renewal, cancellation);
                return null;
            case KeyAct.AcceptVersion accept:
                await AcceptAsync(key, accept, cancellation);
                return null;
            case KeyAct.StartClock start:
                await records.StartClockAsync(key, start.Region, start.Clock, start.Since, cancellation);
                return null;
            case KeyAct.StopClock stop:
                await records.StopClockAsync(key, stop.Region, stop.Clock, stop.Since, cancellation);
                return null;
            case KeyAct.Release:
                await ReleaseAsync(key, cancellation);
                return null;
            case KeyAct.WithdrawMaterial withdraw:
                await TryRecordAsync(key, world, cancellation);
                await imports.PerformAsync(key, withdraw, cancellation);
                return null;
            case KeyAct other:
                await imports.PerformAsync(key, other, cancellation);
                return null;
            default:
                throw new UnreachableException(act.GetType().Name);
        }
    }

    /// <summary>Whoever takes the object away meanwhile does not keep its material: the record goes on with it. What
    /// can't be written down now holds nothing up.</summary>
    private async Task TryRecordAsync(TenantEncryptionKey key, KeyWorld world, CancellationToken cancellation)
    {
        if (world.IsSpecRecorded || world.IsRecordedOnly)
        {
            return;
        }

        try
        {
            await records.SaveSpecAsync(key, world.IsRefused, cancellation);
        }
        catch (Exception failed) when (failed is KubeException or HttpRequestException or RefusedActException)
        {
            // Told by SpecRecorded, which comes once the material is gone.
        }
    }

    private async Task AcceptAsync(TenantEncryptionKey key, KeyAct.AcceptVersion accept, CancellationToken cancellation)
    {
        var now = await around.Kube.Api<TenantEncryptionKey>().TryGetAsync(key.Metadata.Key, cancellation);
        if (now is null || now.Metadata.Uid != key.Metadata.Uid
            || (now.Spec.ConfirmsVersions && now.Spec.Rotation.ConfirmedVersion != accept.Version))
        {
            throw new RefusedActException("SpecChanged", "the spec asks for another confirmation by now");
        }

        await records.AcceptVersionAsync(key, accept.Region, accept.From, accept.Version, cancellation);
    }

    private async Task PublishAsync(TenantEncryptionKey key, string digest, CancellationToken cancellation)
    {
        var standing = around.Cluster.Standing(key);
        var binding = around.Cluster.BindingOf(standing.Tenant)
            ?? throw new RefusedActException("NoTenant", "the platform says nothing of this tenant any more");
        var content = KeyPolicyMap.For(standing, binding, around.Cloud.Policies);
        if (ContentHash.Of(content) != digest)
        {
            throw new RefusedActException("SpecChanged",
                "the policy that was decided on is not the one that this spec asks for");
        }

        var map = KeyPolicyMap.Build(key, content);
        await around.Kube.Api<ConfigMap>().ApplyAsync(map, Children.FieldManager, cancellation);
    }

    private async Task ReleaseAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        var users = await live.UsersAsync(key, around.FactReader.At(cancellation));
        if (users.Blindness is not null || users.ForDisplay() is not [])
        {
            throw new RefusedActException("KeyInUse", "a store uses the key");
        }

        Saw(await finalizer.RemoveAsync(key, cancellation));
        if (!await live.IsNeededAsync(key, cancellation))
        {
            await records.EndAsync(key, cancellation);
        }
    }

    private async Task EndAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        if (await live.IsHeldAsync(key, cancellation))
        {
            throw new RefusedActException("KeyInUse", "the key's object stands, or a store was put under it");
        }

        await records.EndAsync(key, cancellation);
    }

    private TenantEncryptionKey? Saw(TenantEncryptionKey? written)
    {
        if (written is not null)
        {
            around.Writes.Wrote(written);
        }

        return written;
    }
}
