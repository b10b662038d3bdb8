using System.Net;
using System.Security.Cryptography.X509Certificates;
using Kube.Client;
using Kube.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Kube.Tests.Client;

/// <summary>Who is trusted, who we are, and which protocol is spoken, over real TLS.</summary>
public sealed class TransportTests : IAsyncLifetime
{
    private readonly X509Certificate2 authority = Certificates.Authority("cluster");
    private readonly X509Certificate2 stranger = Certificates.Authority("stranger");
    private int handshakes;
    private WebApplication app = null!;
    private X509Certificate2 certificate = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        certificate = Certificates.Issue(authority, "apiserver", "kubernetes.default.svc", "127.0.0.1");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
            {
                https.ServerCertificateSelector = (_, _) =>
                {
                    handshakes++;
                    return certificate;
                };
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.ClientCertificateValidation = (_, _, _) => true;
            })));
        app = builder.Build();
        app.Run(context => context.Response.WriteAsync(
            $$"""{"major":"{{context.Request.Protocol}}","minor":"{{context.Connection.ClientCertificate?.Subject}}","gitVersion":"{{context.Request.Host.Host}}"}"""));
        await app.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        certificate.Dispose();
        authority.Dispose();
        stranger.Dispose();
    }

    [Fact]
    public async Task A_server_whose_authority_is_named_is_trusted_and_spoken_to_in_http_2() =>
        (await AskAsync(Connection([authority]))).Major.ShouldBe("HTTP/2");

    [Fact]
    public async Task A_server_of_another_authority_is_not_trusted() =>
        await ShouldNotBeTrustedAsync(Connection([stranger]));

    [Fact]
    public async Task A_server_of_an_authority_that_nobody_named_is_not_trusted() =>
        await ShouldNotBeTrustedAsync(Connection(null));

    [Fact]
    public async Task A_server_with_another_name_is_not_trusted() =>
        await ShouldNotBeTrustedAsync(Connection([authority], "elsewhere.example.com"));

    [Fact]
    public async Task The_name_to_look_for_can_differ_from_the_host() =>
        (await AskAsync(Connection([authority], "kubernetes.default.svc"))).GitVersion.ShouldBe("127.0.0.1");

    [Fact]
    public async Task A_server_with_another_name_is_not_asked_twice()
    {
        var told =
            await Should.ThrowAsync<KubeException>(() => AskAsync(Connection([authority], "elsewhere.example.com")));

        told.Message.ShouldContain("RemoteCertificateNameMismatch");
        handshakes.ShouldBe(1);
    }

    [Fact]
    public async Task Verification_can_be_switched_off_by_name() =>
        (await AskAsync(new KubeConnection { Host = app.Urls.First(), SkipTlsVerify = true })).Major.ShouldBe("HTTP/2");

    [Fact]
    public async Task A_client_certificate_is_shown()
    {
        using var user = Certificates.Issue(authority, "me");

        var connection = Connection([authority]);
        connection.ClientCertificateData = Base64(user.ExportCertificatePem());
        connection.ClientCertificateKeyData = Base64(Certificates.KeyPem(user));

        var answer = await AskAsync(connection);

        answer.Minor.ShouldBe("CN=me");
    }

    private KubeConnection Connection(X509Certificate2Collection? authorities, string? name = null) =>
        new() { Host = app.Urls.First(), SslCaCerts = authorities, TlsServerName = name };

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private static async Task<KubeVersion> AskAsync(KubeConnection connection)
    {
        using var client = new KubeClient(connection);
        return await client.GetServerVersionAsync(Cancellation);
    }

    private static async Task ShouldNotBeTrustedAsync(KubeConnection connection)
    {
        var told = await Should.ThrowAsync<KubeException>(() => AskAsync(connection));

        told.Status.IsUnreachable.ShouldBeTrue();
        told.Message.ShouldContain("certificate");
    }
}
