using Byok.Import.Requests;
using Byok.Import.Wrapping;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using Kube.Client;
using Kube.Runtime.Hosting;
using Kube.Runtime.LeaderElection;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Hosting;

/// <summary>What <c>run</c> has to do with imports: the platform's wrapping key, and requests as the keys' reconciles
/// see them. No call is served here, and no request's pair is made.</summary>
internal sealed class ImportWiring
{
    private readonly TimeProvider time;
    private readonly RequestOptions requestOptions;
    private readonly PlatformKeys platform;

    public ImportWiring(KubeClient kube, OperatorOptions options, TimeProvider time)
    {
        this.time = time;
        requestOptions = new RequestOptions { Namespace = options.ImportNamespace };
        platform = new PlatformKeys(kube,
            new WrappingOptions
            {
                Namespace = options.ImportNamespace,
                Name = options.Imports.WrappingName,
                Validity = options.Imports.WrappingValidity,
            });
        Wrapping = new WrappingKeys(platform, time);
        Requests = new ImportRequests(kube, requestOptions, platform, time);
    }

    public IWrappingKeys Wrapping { get; }

    public IImportRequests Requests { get; }

    /// <summary>The leader sees to a wrapping key to hand out, to the end of old requests,
    /// and to what the import API has to know of tenants.</summary>
    /// <param name="manager">Runs them, once the Tenants are known.</param>
    /// <param name="around">Whose client asks for leave before each write.</param>
    /// <param name="fence">Whether we lead.</param>
    /// <param name="logs">Where they tell.</param>
    public void AddTo(Manager manager, OperatorContext around, LeadershipFence fence, ILoggerFactory logs)
    {
        var tenants = around.Cluster.Tenants;
        var keys = new PlatformKeys(around.Kube, platform.Options);
        var limits = new LimitKeeper(around.Kube, requestOptions.Namespace, () => LimitsOf(tenants.Authority), time,
            logs.CreateLogger<LimitKeeper>());
        tenants.Changed += limits.Stir;
        manager
            .AddLed(new WrappingKeeper(keys, fence, time, logs.CreateLogger<WrappingKeeper>()))
            .AddLed(new RequestSweep(around.Kube, requestOptions, fence, time, logs.CreateLogger<RequestSweep>()))
            .AddLed(limits);
    }

    /// <summary>A Tenant that breaks a rule gives nothing, so no request either.</summary>
    internal static IEnumerable<KeyValuePair<string, TenantLimit>> LimitsOf(Authority authority) => authority.Tenants
        .Select(tenant => (Tenant: tenant, Spec: authority.Followed(tenant.Metadata.Name)))
        .Where(one => one.Spec is not null)
        .SelectMany(one => authority.NamespacesOf(one.Tenant)
            .Select(ns =>
                KeyValuePair.Create(ns.Name,
                    TenantLimit.Of(one.Tenant.Metadata.Name, one.Spec!.Limits.ImportRequestsPerDay))));
}
