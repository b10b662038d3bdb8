using System.Runtime.CompilerServices;
using System.Text;
using k8s;
using Kube.Client;
using Shouldly;
using Xunit;

namespace Kube.Tests.Client;

public sealed class KubeConfigTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_current_context_names_cluster_user_and_namespace()
    {
        var found = KubeConfig.Load(folder.Write("config", """
            apiVersion: v1
            current-context: b
            contexts:
            - {name: a, context: {cluster: c1, user: u1}}
            - {name: b, context: {cluster: c2, user: u2, namespace: team}}
            clusters:
            - {name: c1, cluster: {server: "https://one:1"}}
            - {name: c2, cluster: {server: "https://two:2/k8s/clusters/x", tls-server-name: inner, insecure-skip-tls-verify: true, proxy-url: "socks5://p:1080"}}
            users:
            - {name: u1, user: {token: first}}
            - {name: u2, user: {token: second}}
            """));

        found.Host.ShouldBe("https://two:2/k8s/clusters/x");
        found.Namespace.ShouldBe("team");
        found.TlsServerName.ShouldBe("inner");
        found.SkipTlsVerify.ShouldBeTrue();
        ProxyOf(found).ShouldBe(new Uri("socks5://p:1080"));
        found.AccessToken.ShouldBe("second");
    }

    [Fact]
    public void A_context_can_be_chosen()
    {
        var path = folder.Write("config", Config("{token: t}", more: """
            - {name: other, context: {cluster: c, user: u, namespace: elsewhere}}
            """));

        KubeConfig.Load(path, context: "other").Namespace.ShouldBe("elsewhere");
    }

    [Fact]
    public void A_kubeconfig_may_be_json()
    {
        var found = KubeConfig.Parse("""
            {"current-context":"x","contexts":[{"name":"x","context":{"cluster":"c","user":""}}],"clusters":[{"name":"c","cluster":{"server":"http://127.0.0.1:1"}}],"users":null}
            """);

        found.Host.ShouldBe("http://127.0.0.1:1/");
    }

    [Fact]
    public void Of_several_files_the_first_to_name_a_thing_wins_and_missing_ones_are_passed_over()
    {
        var first = folder.Write("one/config", "current-context: x\nusers: [{name: u, user: {token: mine}}]\n");
        var second = folder.Write("two/config", """
            current-context: y
            contexts: [{name: x, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "https://h:1", certificate-authority: ca.crt}}]
            users: [{name: u, user: {token: theirs}}]
            """);
        using var authority = Certificates.Authority("beside the second file");
        folder.Write("two/ca.crt", authority.ExportCertificatePem());

        var found = LoadList($"{first}:{folder.Path}/nothing:{second}");

        found.AccessToken.ShouldBe("mine");
        found.SslCaCerts!.Single().Subject.ShouldBe("CN=beside the second file");
    }

    [Fact]
    public void Certificates_come_as_files_beside_the_config_or_inside_it()
    {
        using var authority = Certificates.Authority("ca");
        using var user = Certificates.Issue(authority, "me");
        folder.Write("pki/me.crt", user.ExportCertificatePem());
        folder.Write("pki/me.key", Certificates.KeyPem(user));
        var inFiles =
            KubeConfig.Load(folder.Write("config", Config("{client-certificate: pki/me.crt, client-key: pki/me.key}")));
        var inside = KubeConfig.Parse(
            Config(
                $"{{client-certificate-data: {Base64(user.ExportCertificatePem())}, client-key-data: "
                    + $"{Base64(Certificates.KeyPem(user))}}}"));

        foreach (var found in new[] { inFiles, inside })
        {
            var certificate = ClientCertificate.Of(found)!.TargetCertificate;
            certificate.Thumbprint.ShouldBe(user.Thumbprint);
            certificate.HasPrivateKey.ShouldBeTrue();
            found.AccessToken.ShouldBeNull();
        }
    }

    [Fact]
    public void A_name_and_password_are_a_basic_pair()
    {
        var found = KubeConfig.Parse(Config("{username: me, password: 'p:w'}"));

        (found.Username, found.Password).ShouldBe(("me", "p:w"));
    }

    [Fact]
    public void A_configuration_does_not_print_its_credential() =>
        KubeConfig.Parse(Config("{token: sesame}")).ToString()!.ShouldNotContain("sesame");

    [Theory]
    [InlineData("{client-certificate: gone.crt, client-key: gone.key}", "users[0].user.client-certificate names",
        "gone.crt")]
    [InlineData("{client-certificate-data: '***', client-key-data: aGk=}",
        "users[0].user.client-certificate-data is not base64")]
    [InlineData("{client-certificate-data: aGk=, client-key-data: aGk=}",
        "users[0].user.client-certificate and client-key are not a PEM pair")]
    [InlineData("{client-key-data: aGk=}", "users[0].user.client-key stands alone")]
    [InlineData("{auth-provider: {name: gcp}}", "users[0].user.auth-provider", "exec plugin")]
    [InlineData("{token: t, as-groups: [a]}", "users[0].user.as is missing")]
    [InlineData("{token: \"a\\nb\"}", "users[0].user.token holds a line break")]
    [InlineData("{token: t, username: me}", "users[0].user.token stands beside a username")]
    [InlineData("{client-certificate: me.crt, client-certificate-data: aGk=, client-key-data: aGk=}",
        "users[0].user.client-certificate stands beside client-certificate-data")]
    [InlineData("{}", "users[0].user.token is missing", "client-certificate or exec")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1, command: x}}",
        "users[0].user.exec.interactiveMode is missing")]
    [InlineData(
        "{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Never, env: [{value: v}]}}",
        "env[0].name is missing")]
    [InlineData("{token: [a]}", "users[0].user.token must be a text")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}",
        "users[0].user.exec.apiVersion", "v1beta1")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}}",
        "users[0].user.exec.command is missing")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}}",
        "users[0].user.exec.interactiveMode", "terminal")]
    public void A_user_that_cannot_be_used_is_complained_of_by_file_and_field(string user, params string[] told)
    {
        var path = folder.Write("config", Config(user));

        var complaint = Should.Throw<KubeConfigException>(() => KubeConfig.Load(path)).Message;

        complaint.ShouldStartWith(path + ": ");
        told.ShouldAllBe(part => complaint.Contains(part, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("- not a mapping", "the top must be a mapping")]
    [InlineData("a: [unclosed", "is not YAML")]
    [InlineData("clusters: []", "current-context is not set")]
    [InlineData("kind: ConfigMap", "kind must be Config")]
    [InlineData("clusters: [{name: c}, {name: c}]", "clusters names 'c' twice")]
    [InlineData("current-context: x", "contexts has no entry named 'x'")]
    [InlineData("current-context: x\ncontexts: [{name: x}]", "contexts[0].context is missing")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]", "clusters has no entry named 'c'")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {}}]",
        "clusters[0].cluster.server is missing")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: "
            + "'https://h o s t'}}]", "clusters[0].cluster.server is not an address")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: "
            + "'127.0.0.1:6443'}}]", "clusters[0].cluster.server is not an address: write https://")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: "
            + "'https://me:sesame@h'}}]", "clusters[0].cluster.server holds a name or a password")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: "
            + "'https://h'}}]", "contexts[0].context.user is missing")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: "
            + "{server: 'https://h'}}]", "users has no entry named 'u'")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {token: "
            + "t}}]\nclusters: [{name: c, cluster: {server: 'https://h', insecure-skip-tls-verify: maybe}}]",
                "insecure-skip-tls-verify must be true or false")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {token: "
            + "t}}]\nclusters: [{name: c, cluster: {server: 'https://h', certificate-authority-data: aGk=}}]",
                "certificate-authority holds no PEM certificate")]
    public void A_config_that_cannot_be_used_says_what_is_missing(string yaml, string told)
    {
        var path = folder.Write("config", yaml);

        var complaint = Should.Throw<KubeConfigException>(() => KubeConfig.Load(path)).Message;

        complaint.ShouldStartWith(path + ": ");
        complaint.ShouldContain(told);
    }

    [Fact]
    public void A_path_to_nothing_is_a_mistake() =>
        Should.Throw<KubeConfigException>(() => KubeConfig.Load("/nowhere/config")).Message
            .ShouldContain("/nowhere/config");

    [Fact]
    public async Task A_pod_is_known_by_its_service_account()
    {
        using var authority = Certificates.Authority("cluster");
        folder.Write("token", "t1\n");
        folder.Write("ca.crt", authority.ExportCertificatePem());
        folder.Write("namespace", "byok-system\n");

        var found = InPod(() => KubeConfig.InCluster(Path.Combine(folder.Path, "token")), "fd00::1");

        found.Host.ShouldBe("https://[fd00::1]:443/");
        found.Namespace.ShouldBe("byok-system");
        found.SslCaCerts!.Single().Thumbprint.ShouldBe(authority.Thumbprint);
        (await found.TokenProvider.GetAuthenticationHeaderAsync(Cancellation)).Parameter.ShouldBe("t1");
    }

    [Theory]
    [InlineData("", "ca.crt holds no PEM certificate")]
    [InlineData(null, "can't be read")]
    public void A_pod_whose_service_account_is_not_whole_trusts_nobody(string? authority, string told)
    {
        folder.Write("token", "t1");
        if (authority is not null)
        {
            folder.Write("ca.crt", authority);
        }

        Should.Throw<KubeConfigException>(() =>
            InPod(() => KubeConfig.InCluster(Path.Combine(folder.Path, "token")), "10.0.0.1")).Message
                .ShouldContain(told);
    }

    [Fact]
    public void Outside_a_pod_there_is_no_service_account() =>
        Should.Throw<KubeConfigException>(() =>
            InPod(() => KubeConfig.InCluster(Path.Combine(folder.Path, "token")), "")).Message
                .ShouldContain("can't be read");

    private T InPod<T>(Func<T> see, string host)
    {
        ref var place = ref ServiceAccountPath(null!);
        var before = place;
        (string Name, string Value)[] variables =
            [("KUBERNETES_SERVICE_HOST", host), ("KUBERNETES_SERVICE_PORT", "443")];
        try
        {
            place = folder.Path;
            Array.ForEach(variables, variable => Environment.SetEnvironmentVariable(variable.Name, variable.Value));
            return see();
        }
        finally
        {
            place = before;
            Array.ForEach(variables, variable => Environment.SetEnvironmentVariable(variable.Name, null));
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "ServiceAccountPath")]
    private static extern ref string ServiceAccountPath(KubernetesClientConfiguration? type);

    private static Uri? ProxyOf(KubeConnection found)
    {
        using var handler = new SocketsHttpHandler();
        found.FirstMessageHandlerSetup(handler);
        return handler.Proxy?.GetProxy(new Uri("https://anywhere"));
    }

    private static KubeConnection LoadList(string list)
    {
        var before = Environment.GetEnvironmentVariable("KUBECONFIG");
        Environment.SetEnvironmentVariable("KUBECONFIG", list);
        try
        {
            return KubeConfig.Load();
        }
        finally
        {
            Environment.SetEnvironmentVariable("KUBECONFIG", before);
        }
    }

    private static string Config(string user, string more = "") => $$$"""
        current-context: x
        contexts:
        - {name: x, context: {cluster: c, user: u}}
        {{{more}}}
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: u, user: {{{user}}}}]
        """;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
