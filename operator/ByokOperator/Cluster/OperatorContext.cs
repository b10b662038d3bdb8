using ByokOperator.Entitlements;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Kube.Client;
using Kube.Runtime.Controllers;
using Microsoft.Extensions.Logging.Abstractions;

namespace ByokOperator.Cluster;

/// <summary>What every observer and every act works in: the cluster watched and asked, the clouds, the settings,
/// the clock.</summary>
/// <param name="Writes">Which of our own writes the watches have not shown yet.</param>
internal sealed record OperatorContext(
    ClusterView Cluster,
    KubeClient Kube,
    CloudPorts Cloud,
    OperatorOptions Options,
    TimeProvider Time,
    PendingWrites Writes,
    bool HasIndexedJobs)
{
    /// <summary>Tells of what has no object any more.</summary>
    public LeftBehind Left { get; init; } = new(NullLogger<LeftBehind>.Instance);

    /// <summary>Tells where the CRDs are older than this operator.</summary>
    public OlderDefinitions Older { get; init; } = new(NullLogger<OlderDefinitions>.Instance);

    /// <summary>What the platform would have to do where the operator has no rights in a namespace.</summary>
    public string MendOfRights(string? ns) => Enrolment.Fix(ns ?? "", Options.Namespace, Options.ServiceAccount);

    /// <summary>What stores have in tenants' namespaces.</summary>
    public StoreChildren Children { get; } = new(Kube);

    /// <summary>What reports are signed with.</summary>
    public ReportKeys ReportKeys { get; init; } = new(Kube, Options.Namespace, Time, NullLogger<ReportKeys>.Instance);

    private static readonly TimeSpan catchUpStep = TimeSpan.FromMilliseconds(10);

    /// <summary>The write fence gives up by itself on a watch that stays behind; this is only a bound on top.</summary>
    private const int CatchUpSteps = 1_000;

    /// <summary>What observers look through.</summary>
    public FactReader FactReader { get; init; } = new(NullLogger<FactReader>.Instance);

    /// <summary>Waits until the watches show our own last writes: a watch usually needs a few milliseconds.</summary>
    public async Task CatchUpAsync(Func<bool> isBehind, CancellationToken cancellation)
    {
        for (var step = 0; step < CatchUpSteps && isBehind(); step++)
        {
            // ends where it is cancelled, on no other thread
            await Task.Delay(catchUpStep, Time, CancellationToken.None).WaitAsync(cancellation);
        }
    }
}

/// <summary>The clouds as the operator sees them: six ports.</summary>
internal sealed record CloudPorts(
    ITenantKeys Keys, IImportedKeys Imported, IKeyPolicies Policies, IObjectStores Stores, IObjectData Objects,
    IObjectEncryption Encryption);
