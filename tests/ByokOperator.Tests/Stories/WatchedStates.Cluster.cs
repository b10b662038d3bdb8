using System.Net.Http.Headers;
using System.Text;
using Byok.Import.Serving;
using ByokOperator.Api;
using ByokOperator.Tests.Importing;
using Kube.Core;
using Kube.Core.Kinds;
using Quickstart;

namespace ByokOperator.Tests.Stories;

/// <summary>States that the API server, the sink and the platform's own keys bring about.</summary>
internal sealed partial class WatchedStates
{
    private Task<WatchedState> UnreadableAsync()
    {
        var odd = new ObjectKey("tenant-odd", "odd");
        const string Odd =
            """{"apiVersion":"byok.dev/v1alpha1","kind":"TenantEncryptionKey","metadata":{"name":"odd","namespace":"tenant-odd"},"spec":7}""";
        return Task.FromResult(new WatchedState("a key's spec is no object",
            ["ByokObjectUnreadable{kind=\"TenantEncryptionKey\"}"],
            () => ApplyAsync(odd, Odd),
            () => world.Stage.Kube.Api<PartialObject<TenantEncryptionKey>>()
                .DeleteAsync(odd, null, CancellationToken.None)));
    }

    private async Task<WatchedState> LooksAsync()
    {
        var tenant = await ServingAsync("looks", every: "1s");
        var refused = Refuse("GET", $"/namespaces/{tenant.Namespace}/configmaps/store-binding", 500);
        return new("the API server gives a store's binding to nobody",
            ["ByokLooksFail{kind=\"fact\",reason=\"ApiServerRefused\"}"],
            () =>
            {
                refused.IsOn = true;
                return Task.CompletedTask;
            },
            refused.EndAsync);
    }

    private async Task<WatchedState> FailingAsync()
    {
        var tenant = await world.EnrolAsync("failing");
        await tenant.ApplyKeyAsync();
        await tenant.UntilUsableAsync();
        var refused = Refuse("PATCH", $"/namespaces/{tenant.Namespace}/tenantencryptionkeys/key/status", 500);
        return new("the API server takes no status of a key whose KMS key was disabled",
            ["ByokReconcilesFail{controller=\"keys\"}"],
            () =>
            {
                refused.IsOn = true;
                Cloud.SetKeyState(tenant.KeyArn, "Disabled");
                return Task.CompletedTask;
            },
            refused.EndAsync);
    }

    private Task<WatchedState> UnwatchedAsync()
    {
        var refused = Refuse("GET", "/apis/byok.dev/v1alpha1/tenants", 403);
        return Task.FromResult(new WatchedState("the operator may not list Tenants any more",
            ["ByokWatchesRestart{resource=\"tenants\",code=\"403\"}"],
            () =>
            {
                refused.IsOn = true;
                Api.DropWatches();
                return Task.CompletedTask;
            },
            refused.EndAsync));
    }

    private async Task<WatchedState> UnheardAsync()
    {
        var tenant = await world.EnrolAsync("unheard");
        await tenant.ApplyKeyAsync(every: "1s");
        await tenant.UntilUsableAsync();
        return new("the sink refuses the one notice that a key was revoked",
            ["ByokNotificationsLost{fate=\"dropped\"}"],
            () =>
            {
                world.Sink.Refuses = one => (string?)one["data"]?["namespace"] == tenant.Namespace;
                Cloud.SetKeyState(tenant.KeyArn, "Disabled");
                return Task.CompletedTask;
            },
            () =>
            {
                world.Sink.Refuses = _ => false;
                return Task.CompletedTask;
            });
    }

    /// <summary>Stands since the operator began.</summary>
    private Task<WatchedState> WrappingAsync() => Task.FromResult(new WatchedState(
        "the wrapping key ends in an hour, and the name of its successor is taken", ["ByokWrappingKeyExpiring"],
        () => Task.CompletedTask,
        () => world.Stage.Kube.Api<PartialObject<Secret>>()
            .DeleteAsync(WatchedWorld.Successor, null, CancellationToken.None)));

    private async Task<WatchedState> ImportAsync()
    {
        const string Ns = "tenant-program";
        await world.Stage.Kube.Api<NamespaceObject>()
            .ApplyAsync(new NamespaceObject { Metadata = new ObjectMeta { Name = Ns } }, "platform",
                CancellationToken.None);
        var word = await EnrolledKey.MakeAsync(world.Stage.Kube, Stage.SystemNamespace, "dave",
            new ObjectKey(Ns, "key"));
        var refused = Refuse("GET", $"/namespaces/{Ns}/tenantencryptionkeys/key", 500);
        return new("the API server answers 500 to the import API, and a tenant's program goes on calling",
            ["ByokImportApiFails{problem=\"unavailable\"}"],
            () =>
            {
                refused.IsOn = true;
                _ = CallAsync(word, () => refused.IsOn);
                return Task.CompletedTask;
            },
            refused.EndAsync);
    }

    private async Task CallAsync(string word, Func<bool> goesOn)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(ApiKey.Scheme, word);
        var call = new Uri($"http://127.0.0.1:{world.ImportPort}/!/ems/enterprises/dave/cmk/import-key-request");
        for (; goesOn(); await Task.Delay(500))
        {
            (await http.PutAsync(call, null)).Dispose();
        }
    }

    private Refusal Refuse(string method, string path, int code)
    {
        var refusal = new Refusal();
        Api.Refuse(code, Refusal.MostTimes, which: (asked, where) =>
            refusal.IsOn && asked == method && where.EndsWith(path, StringComparison.Ordinal));
        return refusal;
    }

    /// <summary>To a server that has no schema.</summary>
    private async Task ApplyAsync(ObjectKey key, string manifest)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch,
            $"/apis/byok.dev/v1alpha1/namespaces/{key.Namespace}/tenantencryptionkeys/{key.Name}"
                + "?fieldManager=odd&force=true");
        request.Content = new StringContent(manifest, Encoding.UTF8, "application/apply-patch+yaml");
        await world.Stage.Kube.SendAsync(request, CancellationToken.None);
    }

    /// <summary>Of the API server, switched on and off.</summary>
    private sealed class Refusal
    {
        /// <summary>Far more than the tries of any state here.</summary>
        public const int MostTimes = 300;

        private volatile bool isOn;

        public bool IsOn
        {
            get => isOn;
            set => isOn = value;
        }

        public Task EndAsync()
        {
            IsOn = false;
            return Task.CompletedTask;
        }
    }
}
