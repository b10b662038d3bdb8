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
    private WebApplication app = null!;
    private X509Certificate2 certificate = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        certificate = Certificates.Issue(authority, "apiserver", "kubernetes.default.svc", "127.0.0.1");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
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
        (await AskAsync(Connection())).Major.ShouldBe("HTTP/2");

    [Fact]
    public async Task A_server_of_another_authority_is_not_trusted() =>
        await ShouldNotBeTrustedAsync(Connection() with { Authorities = [stranger] });

    [Fact]
    public async Task A_server_of_an_authority_that_nobody_named_is_not_trusted() =>
        await ShouldNotBeTrustedAsync(Connection() with { Authorities = null });

    [Fact]
    public async Task A_server_with_another_name_is_not_trusted() =>
        await ShouldNotBeTrustedAsync(Connection() with { TlsServerName = "elsewhere.example.com" });

    [Fact]
    public async Task The_name_to_look_for_can_differ_from_the_host() =>
        (await AskAsync(Connection() with { TlsServerName = "kubernetes.default.svc" })).GitVersion.ShouldBe("kubernetes.default.svc");

    [Fact]
    public async Task Verification_can_be_switched_off_by_name() =>
        (await AskAsync(Connection() with { Authorities = null, SkipTlsVerification = true })).Major.ShouldBe("HTTP/2");

    [Fact]
    public async Task A_client_certificate_is_shown()
    {
        using var user = Certificates.Issue(authority, "me");

        var answer = await AskAsync(Connection() with { Credentials = new FixedCredentials(new KubeCredential { Certificate = user }) });

        answer.Minor.ShouldBe("CN=me");
    }

    private KubeConnection Connection() => new()
    {
        Server = new Uri(app.Urls.First()),
        Authorities = [authority],
        Credentials = new FixedCredentials(KubeCredential.None),
    };

    private static async Task<KubeVersion> AskAsync(KubeConnection connection)
    {
        using var client = new KubeClient(connection);
        return await client.GetServerVersionAsync(Cancellation);
    }

    private static async Task ShouldNotBeTrustedAsync(KubeConnection connection) =>
        (await Should.ThrowAsync<KubeException>(() => AskAsync(connection))).Status.IsUnreachable.ShouldBeTrue();
}
