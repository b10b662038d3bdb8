using System.CommandLine;
using ByokOperator.Api;
using ByokOperator.Commands;
using FakeApiServer;
using Kube.Client;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Commands;

/// <summary>What a person asks by kubectl byok, against a server: what is shown, what is asked,
/// and which field is patched.</summary>
public sealed class PluginTests : IAsyncLifetime
{
    private static readonly ObjectKey Main = new("acme", "main");

    private FakeApiServerHost server = null!;
    private KubeClient kube = null!;
    private string kubeconfig = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeApiServerHost.StartAsync();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "crds"), "*.yaml"))
        {
            server.RegisterDefinitions(await File.ReadAllTextAsync(file));
        }

        kube = new KubeClient(KubeConfig.Parse(server.Kubeconfig));
        kubeconfig = Path.Combine(Directory.CreateTempSubdirectory("byok-plugin-").FullName, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, server.Kubeconfig);
        await kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = Main.Name, Namespace = Main.Namespace },
                Spec = new TenantEncryptionKeySpec
                {
                    AwsKms = new AwsKmsSource
                    {
                        Keys =
                        [
                            new AwsKmsKey
                            {
                                Region = "eu-west-1",
                                Arn = "arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                            },
                        ],
                    },
                },
            },
            "test", CancellationToken.None);
        await kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = "backups", Namespace = Main.Namespace },
                Spec = new EncryptedStoreSpec
                {
                    KeyRef = new KeyReference { Name = "main" },
                    Aws = new AwsStore { Region = "eu-west-1" },
                },
            },
            "test", CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        kube.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_revocation_shows_what_it_closes_takes_the_typed_word_and_patches_the_declared_fields()
    {
        var (code, page, told) = await RunAsync("revoke acme/main", typed: "revoke\n");
        (code, told).ShouldBe((0, "type revoke to go on: "));
        page.ShouldContain("store acme/backups");
        page.ShouldContain("1 store under it will be closed within seconds");
        page.ShouldNotContain("\u001b", Case.Sensitive, "no terminal shows it");
        var spec = (await KeyAsync()).Spec;
        (spec.State, spec.Revocation.Confirm).ShouldBe((KeyStates.Revoked, "revoke"));

        (await RunAsync("revoke acme/main --confirm revoke"))
            .ShouldBe((1, "", "byok-operator: acme/main is left as it is: it is revoked already\n"));
        (await RunAsync("return acme/main --confirm return")).Code.ShouldBe(0);
        spec = (await KeyAsync()).Spec;
        (spec.State, spec.Revocation.Confirm).ShouldBe((KeyStates.Active, ""));
        (await RunAsync("return acme/main --confirm return")).Told.ShouldContain("its state is Active");
        (await RunAsync("confirm acme/main --confirm v2")).Told
            .ShouldContain("stores follow its rotations by themselves");
    }

    [Fact]
    public async Task A_rotation_is_confirmed_by_typing_the_version_that_waits()
    {
        var key = await KeyAsync();
        await kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = Main.Name, Namespace = Main.Namespace },
                Spec = key.Spec with { Rotation = new KeyRotation { Confirmation = "Manual" } },
            }, "test", CancellationToken.None);
        var version = new string('a', 64);
        (await RunAsync("confirm acme/main", typed: "../etc\n")).Code.ShouldBe(1);
        (await RunAsync("confirm acme/main", typed: $"{version}\n")).Code.ShouldBe(0);
        (await KeyAsync()).Spec.Rotation.ConfirmedVersion.ShouldBe(version);
    }

    [Theory]
    [InlineData("revoke acme/main", "yes\n")]
    [InlineData("revoke acme/main", "")]
    [InlineData("revoke acme/main --confirm return", null)]
    public async Task Without_the_word_nothing_is_changed(string line, string? typed)
    {
        var before = await KeyAsync();
        var (code, _, told) = await RunAsync(line, typed);
        code.ShouldBe(1);
        told.ShouldContain("is not the word: nothing was changed");
        (await KeyAsync()).Metadata.ResourceVersion.ShouldBe(before.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Without_a_terminal_and_without_the_flag_nobody_is_asked() =>
        (await Should.ThrowAsync<BadInputException>(() => RunAsync("revoke acme/main"))).Message
            .ShouldContain("give it by --confirm, or print the lines for Git by --dry-run");

    [Fact]
    public async Task A_dry_run_prints_the_lines_for_Git_and_changes_nothing()
    {
        var before = await KeyAsync();
        var (code, page, told) = await RunAsync("revoke acme/main --dry-run");
        (code, told).ShouldBe((0, ""));
        page.ShouldStartWith("apiVersion: byok.dev/v1alpha1\nkind: TenantEncryptionKey\n");
        page.ShouldContain("confirm: \"revoke\"");
        (await KeyAsync()).Metadata.ResourceVersion.ShouldBe(before.Metadata.ResourceVersion);
    }

    /// <summary>What opens goes by what was shown; what closes goes on whatever was changed meanwhile.</summary>
    [Fact]
    public async Task A_return_of_a_key_that_was_changed_meanwhile_is_refused_and_a_revocation_is_not()
    {
        await RunAsync("revoke acme/main --confirm revoke");
        var (code, _, told) =
            await RunAsync("return acme/main", new Interrupting("return", () => AnnotateAsync("one")));
        (code, (await KeyAsync()).Spec.State).ShouldBe((1, KeyStates.Revoked), told);

        (await RunAsync("return acme/main --confirm return")).Code.ShouldBe(0);
        (code, _, told) = await RunAsync("revoke acme/main", new Interrupting("revoke", () => AnnotateAsync("two")));
        (code, (await KeyAsync()).Spec.State).ShouldBe((0, KeyStates.Revoked), told);
    }

    [Theory]
    [InlineData("revoke acme/mian --confirm revoke",
        "there is no TenantEncryptionKey acme/mian; did you mean acme/main?")]
    [InlineData("check acme/mian", "there is no TenantEncryptionKey acme/mian; did you mean acme/main?")]
    [InlineData("why acme/backup", "there is no key and no store acme/backup; did you mean acme/backups?")]
    [InlineData("why acme", "there is no Tenant acme")]
    [InlineData("status acme/mian", "there is no key and no store acme/mian; did you mean acme/main?")]
    public async Task A_name_that_does_not_exist_is_told_with_those_that_are_near(string line, string words) =>
        (await RunAsync(line)).ShouldBe((1, "", $"byok-operator: {words}\n"));

    [Fact]
    public async Task A_right_that_is_missing_is_named_with_who_has_it()
    {
        server.Faults.Refuse(403,
            which: (method, path) =>
                method == "PATCH" && path.Contains("tenantencryptionkeys", StringComparison.Ordinal));
        var (code, _, told) = await RunAsync("revoke acme/main --confirm revoke");
        code.ShouldBe(1);
        told.ShouldContain("byok-key-owner revoke and return");
        (await KeyAsync()).Spec.State.ShouldBe(KeyStates.Active);
    }

    [Theory]
    [InlineData("Usable", 0)]
    [InlineData("Revoked", 3)]
    [InlineData("Unknown", 4)]
    public async Task A_check_asks_the_operator_and_ends_with_what_it_says(string verdict, int expected)
    {
        using var stop = new CancellationTokenSource();
        var operating = AnswerAsync(verdict, stop.Token);
        var (code, page, told) = await RunAsync("check acme/main");
        await stop.CancelAsync();
        await operating;
        code.ShouldBe(expected, told);
        page.ShouldContain($"key acme/main: Active, {verdict}");
    }

    [Fact]
    public async Task A_check_that_nobody_answers_says_so()
    {
        var (code, _, told) = await RunAsync("check acme/main --wait 0s");
        code.ShouldBe(1);
        told.ShouldContain("gave no word of acme/main within --wait");
    }

    [Fact]
    public async Task Why_shows_the_conditions_of_what_has_the_name()
    {
        await StatusAsync(
            new()
            {
                Verdict = "Revoked",
                Conditions =
                [
                    new()
                    {
                        Type = "Ready",
                        Status = "False",
                        Reason = "KeyDisabled",
                        Message = "eu-west-1",
                        LastTransitionTime = DateTimeOffset.UnixEpoch,
                    },
                ],
            });
        var (code, page, _) = await RunAsync("why acme/main");
        code.ShouldBe(0);
        page.ShouldStartWith("key acme/main: Active, Revoked\n");
        page.ShouldContain("Ready: False, KeyDisabled: eu-west-1");
    }

    [Fact]
    public async Task A_status_is_of_all_of_a_namespace_or_of_what_has_the_name()
    {
        var (code, all, _) = await RunAsync("status -A");
        code.ShouldBe(0);
        all.ShouldContain("store backups");
        (await RunAsync("status acme")).Page.ShouldBe(all);
        (await RunAsync("status")).Page.ShouldBe(all);
        (await RunAsync("status acme/backups")).Page.ShouldBe(all, "the key hangs above it");
        (await RunAsync("status elsewhere")).Page.ShouldBe("no tenant, no key and no store\n");
        (await Should.ThrowAsync<BadInputException>(() => RunAsync("status acme -A"))).Message
            .ShouldBe("'acme' or --all-namespaces: give one of them");
        (await Should.ThrowAsync<BadInputException>(() => RunAsync("status Acme!"))).Message
            .ShouldBe("'Acme!' is not the name of a namespace");
    }

    private async Task AnswerAsync(string verdict, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if ((await KeyAsync()).Metadata.Annotations?.GetValueOrDefault(Labels.ReconcileAt) is { } asked)
            {
                await StatusAsync(new() { Verdict = verdict, LastHandledReconcileAt = asked });
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    private Task<TenantEncryptionKey> StatusAsync(TenantEncryptionKeyStatus status) =>
        kube.Api<TenantEncryptionKey>()
            .ApplyStatusAsync(
                new TenantEncryptionKey
                {
                    Metadata = new ObjectMeta { Name = Main.Name, Namespace = Main.Namespace },
                    Status = status,
                }, "test", CancellationToken.None);

    private Task<TenantEncryptionKey> KeyAsync() =>
        kube.Api<TenantEncryptionKey>().GetAsync(Main, CancellationToken.None);

    private Task<TenantEncryptionKey> AnnotateAsync(string word) => kube.Api<TenantEncryptionKey>().PatchMergeAsync(
        Main,
        new()
        {
            ["metadata"] = new System.Text.Json.Nodes.JsonObject
            {
                ["annotations"] = new System.Text.Json.Nodes.JsonObject { ["test"] = word },
            },
        }, CancellationToken.None);

    private Task<(int Code, string Page, string Told)> RunAsync(string line, string? typed = null) =>
        RunAsync(line, typed is null ? null : new StringReader(typed));

    private async Task<(int Code, string Page, string Told)> RunAsync(string line, TextReader? terminal)
    {
        using StringWriter page = new(), told = new();
        using var means = new OnDemand();
        var parsed = CommandTree.Root(means).Parse($"{line} --kubeconfig {kubeconfig}".Split(' '), CommandLine.Parsing);
        parsed.Errors.ShouldBeEmpty();
        var verb = line.Split(' ')[0];
        var cancellation = TestContext.Current.CancellationToken;
        var code = verb switch
        {
            "status" => await StatusCommand.ActAsync(parsed, page, told, cancellation),
            "why" => await WhyCommand.ActAsync(parsed, page, told, cancellation),
            "check" => await CheckCommand.ActAsync(parsed, page, told, cancellation),
            _ => await KeyChangeCommand.ActAsync(verb, parsed, page, told, terminal, cancellation),
        };
        return (code, page.ToString(), told.ToString());
    }

    /// <summary>Somebody else changes the object while the person types.</summary>
    private sealed class Interrupting(string word, Func<Task> meanwhile) : TextReader
    {
        public override async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
        {
            await meanwhile();
            return word;
        }
    }
}
