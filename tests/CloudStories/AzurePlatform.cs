using Microsoft.Extensions.Logging.Abstractions;
using Quickstart;

namespace CloudStories;

/// <summary>Several tenants on one Azure under one operator.</summary>
internal sealed class AzurePlatform : IAsyncDisposable
{
    private readonly Stage stage;

    private AzurePlatform(Stage stage, IReadOnlyList<AzureTenant> tenants) => (this.stage, Tenants) = (stage, tenants);

    public IReadOnlyList<AzureTenant> Tenants { get; }

    /// <param name="tenants">How many.</param>
    /// <param name="tokenLifetime">Null for an hour, as in the clouds.</param>
    public static async Task<AzurePlatform> OpenAsync(int tenants, TimeSpan? tokenLifetime = null)
    {
        var stage = await Stage.SetAsync(null, NullLoggerFactory.Instance);
        stage.Cloud.Admin.Azure.TokenLifetime = tokenLifetime ?? stage.Cloud.Admin.Azure.TokenLifetime;
        var made = new List<AzureTenant>();
        for (var i = 0; i < tenants; i++)
        {
            var scene = new AzureScene($"tenant-{i}");
            await stage.GiveAsync($"tenant-{i}");
            scene.SetKey(stage);
            scene.Grant(may: true);
            made.Add(new AzureTenant(new TenantLife(stage, scene, $"tenant-{i}"), scene));
        }

        stage.StartOperator(NullLoggerFactory.Instance);
        return new AzurePlatform(stage, made);
    }

    /// <summary>A service of Azure answers nobody, or again: <c>arm</c>, <c>entra</c>, <c>keyvault</c>.</summary>
    public void Silence(string service, bool silent) => stage.Cloud.Admin.Azure.SetUnreachable(service, silent);

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, scene) in Tenants)
        {
            await scene.DisposeAsync();
        }

        await stage.DisposeAsync();
    }
}
