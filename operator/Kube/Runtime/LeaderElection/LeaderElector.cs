using System.Diagnostics;
using System.Text.Json;
using k8s.Models;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Hosting;
using Microsoft.Extensions.Logging;

namespace Kube.Runtime.LeaderElection;

/// <summary>
/// Takes and keeps a lease. Needs get, create and patch on leases. Every write is bound to the version it was decided
/// on, so of two that try at once one is refused.
/// </summary>
public sealed partial class LeaderElector
{
    private readonly KubeApi<Lease> leases;
    private readonly LeaderElectionOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<LeaderElector> logger;
    private readonly long origin;
    private readonly TaskCompletionSource acquired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ObservedLease? sighting;
    private long renewedAt;

    public LeaderElector(
        KubeApi<Lease> leases, LeaderElectionOptions options, TimeProvider time, ILogger<LeaderElector> logger)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.RenewDeadline,
            options.Duration - options.SafetyMargin);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.RetryPeriod, options.RenewDeadline);
        this.leases = leases;
        this.options = options;
        this.time = time;
        this.logger = logger;
        origin = time.GetTimestamp();
        Fence = new LeadershipFence(time, options.Duration - options.SafetyMargin);
    }

    /// <summary>What destructive acts ask right before they act.</summary>
    public LeadershipFence Fence { get; }

    /// <summary>Completes when this process leads for the first time.</summary>
    public Task Acquired => acquired.Task;

    private TimeSpan Now => time.GetElapsedTime(origin);

    /// <summary>
    /// Competes, leads, and returns when leadership is lost; there is no second try in one process. When cancelled it
    /// gives the lease back, so that a successor need not wait.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await CompeteAsync(cancellation);
            RuntimeMetrics.LeaderElection(options.Lease.Name, leads: true);
            LogLeading(options.Lease, options.Identity);
            acquired.TrySetResult();
            await KeepAsync(cancellation);
            LogLost(options.Lease, options.RenewDeadline);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await ReleaseAsync();
        }
        finally
        {
            Fence.Lost();
            RuntimeMetrics.LeaderElection(options.Lease.Name, leads: false);
        }
    }

    private async Task CompeteAsync(CancellationToken cancellation)
    {
        while (!await TryOnceAsync(cancellation))
        {
            await Task.Delay(Jittered(options.RetryPeriod), time, cancellation);
        }
    }

    /// <summary>Returns when the lease could not be renewed in time, or is somebody else's.</summary>
    private async Task KeepAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(options.RetryPeriod, time, cancellation);

            // Asked before the try as well as after it: a process that slept past the deadline has lost, even if
            // nobody was there to take over, so that its work of before the sleep does not meet a renewed fence.
            if (IsTooLate || (!await TryOnceAsync(cancellation) && (IsTooLate || IsTaken)))
            {
                return;
            }
        }
    }

    private bool IsTooLate => time.GetElapsedTime(renewedAt) >= options.RenewDeadline || !Fence.IsHeld;

    private bool IsTaken => sighting?.Lease?.Spec.HolderIdentity is { } holder && holder != options.Identity;

    /// <summary>One look and at most one write; true when the lease is ours afterwards.
    /// Never throws but when cancelled.</summary>
    private async Task<bool> TryOnceAsync(CancellationToken cancellation)
    {
        // so that a hung try leaves room for another
        using var limit = new CancellationTokenSource(options.RenewDeadline / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await StepAsync(either.Token);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            LogTryFailed(options.Lease, failure.Message);
            return false;
        }
    }

    private async Task<bool> StepAsync(CancellationToken cancellation)
    {
        sighting = ObservedLease.After(sighting, await leases.TryGetAsync(options.Lease, cancellation), Now);
        if (acquired.Task.IsCompleted && IsTooLate)
        {
            return false; // we slept between looking and writing
        }

        switch (LeaseDecider.Next(sighting, Now, options.Identity, options.Duration))
        {
            case LeaseDecision.Take:
                return await WriteAsync(isTaking: true, cancellation);
            case LeaseDecision.Keep:
                return await WriteAsync(isTaking: false, cancellation);
            case LeaseDecision.Wait:
                return false;
            case var move:
                throw new UnreachableException(move.GetType().Name);
        }
    }

    private async Task<bool> WriteAsync(bool isTaking, CancellationToken cancellation)
    {
        var before = sighting!.Lease;
        var sentAt = Fence.Now();
        var spec = new V1LeaseSpec
        {
            HolderIdentity = options.Identity,
            LeaseDurationSeconds = (int)options.Duration.TotalSeconds,
            AcquireTime = isTaking ? time.GetUtcNow().UtcDateTime : before?.Spec.AcquireTime,
            RenewTime = time.GetUtcNow().UtcDateTime,
            LeaseTransitions = (before?.Spec.LeaseTransitions ?? 0) + (isTaking && before is not null ? 1 : 0),
        };
        var written = before is null
            ? await leases.CreateAsync(LeaseOf(spec), cancellation)
            : await leases.PatchJsonAsync(options.Lease, PatchOf(before, spec), cancellation);
        sighting = ObservedLease.After(sighting, written, Now);
        renewedAt = sentAt.Timestamp;
        Fence.Renewed(sentAt);
        return true;
    }

    /// <summary>Bounded, and not bound to a token that is cancelled already:
    /// leaving the lease costs the successor 15 s.</summary>
    private async Task ReleaseAsync()
    {
        Fence.Lost();
        if (sighting?.Lease is not { } held || held.Spec.HolderIdentity != options.Identity)
        {
            return;
        }

        using var limit = new CancellationTokenSource(options.RetryPeriod, time);
        try
        {
            var free = held.Spec with
            {
                HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = time.GetUtcNow().UtcDateTime,
            };
            await leases.PatchJsonAsync(options.Lease, PatchOf(held, free), limit.Token);
            LogReleased(options.Lease);
        }
        catch (Exception failure) // the lease runs out by itself
        {
            LogTryFailed(options.Lease, failure.Message);
        }
    }

    private Lease LeaseOf(V1LeaseSpec spec) =>
        new() { Metadata = new() { Namespace = options.Lease.Namespace, Name = options.Lease.Name }, Spec = spec };

    private JsonPatch PatchOf(Lease before, V1LeaseSpec spec) =>
        JsonPatch.Empty
            .Test("/metadata/resourceVersion", before.Metadata.ResourceVersion)
            .Add("/spec", JsonSerializer.SerializeToNode(LeaseOf(spec), Lease.Json)!["spec"]!.DeepClone());

    private static TimeSpan Jittered(TimeSpan period) => period * (1 + (0.2 * Random.Shared.NextDouble()));
}
