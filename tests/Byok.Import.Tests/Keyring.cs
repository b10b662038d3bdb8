using System.Security.Cryptography;
using Byok.Import.Requests;
using Byok.Import.Wrapping;
using FakeApiServer;
using ImportProbe;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.LeaderElection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Byok.Import.Tests;

/// <summary>The platform's wrapping keys on an embedded API server, with a clock of their own.</summary>
internal sealed class Keyring : IAsyncDisposable
{
    public const string Namespace = "byok-system";

    private static readonly WrappingOptions options = new() { Namespace = Namespace, Name = "eu", KeyBits = 2048 };
    private static readonly Lazy<Secret> first = new(() => WrappingSecret.Make(options, 1, new SetTime().GetUtcNow()));

    private bool isStopped;

    private Keyring(FakeApiServerHost server)
    {
        Server = server;
        Kube = new KubeClient(KubeConfig.Parse(server.Kubeconfig));
        Platform = new PlatformKeys(Kube, options);
        Keeper = NewKeeper();
        Keys = new WrappingKeys(Platform, Time);
    }

    public SetTime Time { get; } = new();

    public FakeApiServerHost Server { get; }

    public KubeClient Kube { get; }

    public PlatformKeys Platform { get; }

    public WrappingKeeper Keeper { get; }

    public WrappingKeys Keys { get; }

    public static async Task<Keyring> StartAsync() => new(await FakeApiServerHost.StartAsync());

    /// <summary>With a wrapping key, the same for all tests that are not about its making.</summary>
    public static async Task<Keyring> ReadyAsync()
    {
        var ring = await StartAsync();
        await ring.Platform.TryAddAsync(first.Value, CancellationToken.None);
        await ring.KeepAsync();
        await ring.GiveAsync(("acme", "acme", PublishedLimits.MostPerDay),
            ("beta", "beta", PublishedLimits.MostPerDay));
        return ring;
    }

    /// <summary>Where a test's pairs come from.</summary>
    public Func<RSA> Pairs { get; } = MadePairs.Of(2048);

    public WrappingKeeper NewKeeper() =>
        new(Platform, LeadershipFence.Alone(), Time, NullLogger<WrappingKeeper>.Instance);

    /// <summary>What the platform's Tenants say, published by the operator's own keeper.</summary>
    public Task GiveAsync(params (string Namespace, string Tenant, int PerDay)[] given) => new LimitKeeper(
        Kube, Namespace,
        () => given.Select(one => KeyValuePair.Create(one.Namespace, TenantLimit.Of(one.Tenant, one.PerDay))), Time,
        NullLogger<LimitKeeper>.Instance)
        .PublishAsync(CancellationToken.None);

    public Task KeepAsync() => Keeper.KeepAsync(CancellationToken.None);

    public async Task<IReadOnlyList<Secret>> SecretsAsync() =>
        (await Kube.Api<Secret>()
            .ListPageAsync(WrappingSecret.Selection(Platform.Options), null, CancellationToken.None)).Items;

    public Task<ConfigMap> PublicAsync() =>
        Kube.Api<ConfigMap>().GetAsync(new ObjectKey(Namespace, "byok-wrapping-public-eu"), CancellationToken.None);

    /// <summary>Nobody answers from here on.</summary>
    public async Task StopServerAsync()
    {
        if (!isStopped)
        {
            isStopped = true;
            await Server.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kube.Dispose();
        await StopServerAsync();
    }
}
