using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Vault;

/// <summary>Azure.Core's own pipeline against the wire: its retries, its tokens.</summary>
public sealed class PipelineTests(AzureFixture cloud) : IClassFixture<AzureFixture>
{
    [Fact]
    public async Task The_real_pipeline_waits_as_it_is_told_and_tries_again()
    {
        var vault = cloud.Name("vault");
        cloud.Admin.CreateVault(vault);
        cloud.Admin.CreateKey(vault, "acme");
        var rule = cloud.Server.Admin.AddFault(
            new FaultRule(new FaultEffect.Throttle()) { Service = "keyvault", Account = vault, Count = 1 });
        var options = new Options { Transport = new HttpClientTransport(cloud.Http) };
        options.Retry.MaxRetries = 2;
        var pipeline = HttpPipelineBuilder.Build(options,
            new BearerTokenAuthenticationPolicy(cloud.TenantAdmin, VaultClient.Scope));
        using var message = pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Get;
        message.Request.Uri.Reset(new Uri(LocalCloudAzure.Vault(vault), "keys/acme?api-version=7.4"));
        await pipeline.SendAsync(message, CancellationToken.None);
        message.Response.Status.ShouldBe(200);
        ((string?)JsonNode.Parse(message.Response.Content)!["key"]!["kty"]).ShouldBe("RSA");
        cloud.Server.Admin.FaultStrikes(rule).ShouldBe(1);
        message.Response.Headers.TryGetValue("x-ms-client-request-id", out var id).ShouldBeTrue();
        id.ShouldBe(message.Request.ClientRequestId);
    }

    private sealed class Options : ClientOptions;
}
