using System.Net.Http.Headers;
using Kube.Client;
using Shouldly;
using Xunit;

namespace Kube.Tests.Client;

public sealed class ExecTokensTests : IDisposable
{
    private const string V1 = "client.authentication.k8s.io/v1";
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("client.authentication.k8s.io/v1")]
    [InlineData("client.authentication.k8s.io/v1beta1")]
    public async Task A_plugin_beside_the_config_gives_a_token_and_is_told_what_it_needs(string version)
    {
        folder.WriteScript("bin/plugin", $$$"""
            printf '%s' "$KUBERNETES_EXEC_INFO" > {{{folder.Path}}}/info
            printf '%s|%s|%s' "$1" "$2" "$COLOUR" > {{{folder.Path}}}/call
            echo '{"apiVersion":"{{{version}}}","kind":"ExecCredential","status":{"token":"t0"}}'
            """);
        var found = Config(
            $"{{apiVersion: {version}, command: bin/plugin, args: [one, 'two three'], env: [{{name: COLOUR, value: "
                + $"blue}}], provideClusterInfo: true, interactiveMode: Never}}");

        var credential = await found.TokenProvider.GetAuthenticationHeaderAsync(Cancellation);

        credential.ToString().ShouldBe("Bearer t0");
        File.ReadAllText(Path.Combine(folder.Path, "call")).ShouldBe("one|two three|blue");
        var info = File.ReadAllText(Path.Combine(folder.Path, "info"));
        info.ShouldContain($"\"apiVersion\":\"{version}\"");
        info.ShouldContain("\"interactive\":false");
        info.ShouldContain("\"server\":\"https://127.0.0.1:1\"");
    }

    [Fact]
    public async Task A_credential_is_kept_until_it_expires_or_is_refused()
    {
        Counting("""'"expirationTimestamp":"2126-01-01T00:00:00Z",'""");
        var credentials = Config($"{{apiVersion: {V1}, command: ./plugin, interactiveMode: Never}}").TokenProvider;

        var first = await credentials.GetAuthenticationHeaderAsync(Cancellation);
        var kept = await credentials.GetAuthenticationHeaderAsync(Cancellation);
        ((IRefusable)credentials).Refuse(first);
        var second = await credentials.GetAuthenticationHeaderAsync(Cancellation);
        ((IRefusable)credentials).Refuse(first);
        var stillSecond = await credentials.GetAuthenticationHeaderAsync(Cancellation);

        kept.ShouldBeSameAs(first);
        second.Parameter.ShouldBe("t2");
        stillSecond.ShouldBeSameAs(second, "a late refusal of the old one says nothing about the new one");
    }

    [Fact]
    public async Task An_expired_credential_is_asked_for_again()
    {
        Counting("""'"expirationTimestamp":"2001-01-01T00:00:00Z",'""");
        var credentials = Config($"{{apiVersion: {V1}, command: ./plugin, interactiveMode: Never}}").TokenProvider;

        await credentials.GetAuthenticationHeaderAsync(Cancellation);

        (await credentials.GetAuthenticationHeaderAsync(Cancellation)).Parameter.ShouldBe("t2");
    }

    [Fact]
    public async Task Many_callers_at_once_call_the_plugin_once()
    {
        Counting("''");
        var credentials = Config($"{{apiVersion: {V1}, command: ./plugin, interactiveMode: Never}}").TokenProvider;

        var all = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => credentials.GetAuthenticationHeaderAsync(Cancellation)));

        all.Select(each => each.Parameter).Distinct().ShouldBe(["t1"]);
    }

    [Fact]
    public async Task A_plugin_may_give_a_certificate()
    {
        using var authority = Certificates.Authority("ca");
        using var user = Certificates.Issue(authority, "me");
        folder.Write("answer", $$$"""
            {"apiVersion":"{{{V1}}}","kind":"ExecCredential","status":{"clientCertificateData":{{{Quote(user.ExportCertificatePem())}}},"clientKeyData":{{{Quote(Certificates.KeyPem(user))}}}}}
            """);
        folder.WriteScript("plugin", $"cat {folder.Path}/answer");

        var tokens =
            (ExecTokens)Config($"{{apiVersion: {V1}, command: ./plugin, interactiveMode: Never}}").TokenProvider;

        (await tokens.GetAuthenticationHeaderAsync(Cancellation)).ShouldBeNull();
        tokens.Certificate!.TargetCertificate.Thumbprint.ShouldBe(user.Thumbprint);
    }

    [Theory]
    [InlineData("echo sesame; exit 3", "exit code 3")]
    [InlineData("echo sesame", "did not print an ExecCredential")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}'",
        "neither a token nor a certificate")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\"}'", "did not print an ExecCredential")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"sesame\"}}'",
        "another version")]
    public async Task A_plugin_that_fails_is_named_and_what_it_printed_is_not(string body, string told)
    {
        var plugin = folder.WriteScript("plugin", body);

        var complaint = await Should.ThrowAsync<KubeConfigException>(
            () =>
                Config($"{{apiVersion: {V1}, command: ./plugin, interactiveMode: Never}}").TokenProvider
                    .GetAuthenticationHeaderAsync(Cancellation));

        complaint.Message.ShouldContain(told);
        complaint.Message.ShouldContain(Path.GetFileName(plugin));
        complaint.Message.ShouldNotContain("sesame");
    }

    [Fact]
    public async Task A_plugin_that_is_not_installed_says_how_to_install_it()
    {
        var found = Config(
            $"{{apiVersion: {V1}, command: no-such-plugin, interactiveMode: Never, installHint: get it from the moon}}");

        (await Should.ThrowAsync<KubeConfigException>(() =>
            found.TokenProvider.GetAuthenticationHeaderAsync(Cancellation))).Message
                .ShouldContain("get it from the moon");
    }

    /// <summary>A plugin whose token counts its calls.</summary>
    private void Counting(string expiry) => folder.WriteScript("plugin", $$$"""
        cd {{{folder.Path}}}; echo >> calls; n=$(wc -l < calls)
        printf '{"apiVersion":"{{{V1}}}","kind":"ExecCredential","status":{%s"token":"t%d"}}' {{{expiry}}} $n
        """);

    private KubeConnection Config(string exec) => KubeConfig.Parse($$$"""
        current-context: x
        contexts: [{name: x, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: u, user: {exec: {{{exec}}}}}]
        """, folder.Path);

    private static string Quote(string text) => "\"" + text.Replace("\n", "\\n", StringComparison.Ordinal) + "\"";
}
