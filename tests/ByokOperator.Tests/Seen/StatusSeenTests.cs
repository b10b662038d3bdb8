using ByokOperator.Api;
using Cluster.Tests.Primitives;
using FakeApiServer;
using Kube.Client;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Seen;

/// <summary>
/// What <c>kubectl byok status</c> writes to a terminal, by the program itself before a server, in a terminal of three
/// widths: a key that is usable, a move under way, a key that was disabled and the store that it closed.
/// </summary>
[Trait("Server", "chromium")]
public sealed class StatusSeenTests : IAsyncLifetime
{
    private const string Arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("byok-status-");
    private FakeApiServerHost server = null!;
    private KubeClient kube = null!;

    private string Kubeconfig => Path.Combine(folder.FullName, "kubeconfig");

    public async ValueTask InitializeAsync()
    {
        server = await FakeApiServerHost.StartAsync();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "crds"), "*.yaml"))
        {
            server.RegisterDefinitions(await File.ReadAllTextAsync(file));
        }

        kube = new KubeClient(KubeConfig.Parse(server.Kubeconfig));
        await File.WriteAllTextAsync(Kubeconfig, server.Kubeconfig);
        await PutAsync();
    }

    public async ValueTask DisposeAsync()
    {
        kube.Dispose();
        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(1280, 420)]
    [InlineData(768, 520)]
    [InlineData(380, 800)]
    public async Task The_tree_stands_in_a_terminal_with_its_colours_and_nothing_runs_out_of_it(int width, int height)
    {
        var written = await Terminal.RunAsync(Terminal.ColumnsOf(width), Programs.OperatorPath, "status",
            "--kubeconfig", Kubeconfig);
        written.ShouldContain("\u001b[32m", Case.Sensitive, "a terminal is given colours");
        var file = Path.Combine(folder.FullName, "terminal.html");
        await File.WriteAllTextAsync(file, Terminal.PageOf("kubectl byok status", written),
            TestContext.Current.CancellationToken);
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(new Uri(file), width, height);
        (await page.OverflowAsync()).ShouldBe(0, written);
        page.Loaded.ShouldBeEmpty();
        // wherever its lines are broken
        var text = string.Join(' ',
            (await page.TextAsync()).Split((char[])[' ', '\n', '│'], StringSplitOptions.RemoveEmptyEntries));
        foreach (var words
            in (string[])["tenant acme", "key acme-2026: Active, Usable", "2100/5000", "Revoked since 5 min",
                "aws kms enable-key"])
        {
            text.ShouldContain(words);
        }

        (await page.ValueAsync("getComputedStyle(document.querySelector('.c31')).color"))!.GetValue<string>()
            .ShouldBe("rgb(255, 123, 114)");
        (await page.ValueAsync("document.documentElement.scrollHeight"))!.GetValue<int>()
            .ShouldBeLessThanOrEqualTo(height, "all of it is in the picture");
        await DocumentImages.KeepAsync($"status-{width}.png", await page.PictureAsync(), width, height);
    }

    private async Task PutAsync()
    {
        var now = DateTimeOffset.UtcNow;
        await PutAsync(new Tenant
        {
            Metadata = new() { Name = "acme" },
            Spec = new()
            {
                Namespaces = [new() { Name = "acme" }],
                Keys = new() { AwsAccounts = ["111122223333"] },
                Stores = new() { AwsRegions = ["eu-west-1"] },
            },
            Status = new() { Conditions = [Ready()], Uncovered = ["platform-backups/acme-eu/"] },
        });
        await PutAsync(Key("acme-2026", new() { Verdict = "Usable", Conditions = [Ready()] }));
        await PutAsync(Key("acme-2025", new()
        {
            Verdict = "Revoked", RevokedSince = now.AddMinutes(-5.5), Keys = [new() { Region = "eu-west-1", Id = Arn }],
            Conditions = [Not("KeyDisabled", "eu-west-1: the key is disabled"), Stalled("KeyDisabled")],
        }));
        await PutAsync(Store("backups", "acme-2026", new() { Availability = "Open", Conditions = [Ready()] }));
        await PutAsync(Store("archive", "acme-2026", new()
        {
            Conditions = [Not("CopyRunning", "copying: 3 of 8 shards are done"),
                new() { Type = "Reconciling", Status = "True", Reason = "CopyRunning" }],
            Migration = new() { ObjectsTotal = 5_000, ObjectsCopied = 2_100 },
        }));
        await PutAsync(Store("ledger", "acme-2025", new()
        {
            Availability = "Closed", ClosedSince = now.AddMinutes(-5.5), ClosedReason = "KeyDisabled",
            Conditions = [Not("KeyDisabled", "the key is disabled: the store is closed")],
        }));
    }

    private async Task PutAsync<T>(T subject)
        where T : class, IResource<T>
    {
        await kube.Api<T>().ApplyAsync(subject, "test", CancellationToken.None);
        await kube.Api<T>().ApplyStatusAsync(subject, "test", CancellationToken.None);
    }

    private static TenantEncryptionKey Key(string name, TenantEncryptionKeyStatus status) => new()
    {
        Metadata = new() { Namespace = "acme", Name = name },
        Spec = new() { AwsKms = new() { Keys = [new() { Region = "eu-west-1", Arn = Arn }] } }, Status = status,
    };

    private static EncryptedStore Store(string name, string key, EncryptedStoreStatus status) => new()
    {
        Metadata = new() { Namespace = "acme", Name = name },
        Spec = new() { KeyRef = new() { Name = key }, Aws = new() { Region = "eu-west-1" } }, Status = status,
    };

    private static Condition Ready() => new() { Type = "Ready", Status = "True", Reason = "Ready" };

    private static Condition Not(string reason, string message) =>
        new() { Type = "Ready", Status = "False", Reason = reason, Message = message };

    private static Condition Stalled(string reason) => new() { Type = "Stalled", Status = "True", Reason = reason };
}
