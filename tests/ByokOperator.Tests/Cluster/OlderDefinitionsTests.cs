using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Tests.Importing;
using Kube.Client;
using Kube.Core;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Cluster;

/// <summary>A server drops what its definitions do not have, and answers as if all were well.</summary>
public sealed class OlderDefinitionsTests : IDisposable
{
    private readonly Heard heard = new();
    private readonly ILoggerFactory logs;
    private readonly OlderDefinitions older;

    public OlderDefinitionsTests()
    {
        logs = LoggerFactory.Create(logging => logging.AddProvider(heard));
        older = new OlderDefinitions(logs.CreateLogger<OlderDefinitions>());
    }

    [Theory]
    [InlineData("pendingKey", "status.pendingKey")]
    [InlineData("location.prefix", "status.location.prefix")]
    [InlineData("", "status")]
    public async Task What_a_server_drops_is_told_once_with_what_mends_it(string dropped, string told)
    {
        using var client = Client(dropped);
        await WriteAsync(client, "acme", "one");
        await WriteAsync(client, "acme", "two");
        await WriteAsync(client, "globex", "one");
        var line = heard.Lines.ShouldHaveSingleItem();
        line.ShouldContain($"the server keeps no {told} of encryptedstores.byok.dev");
        line.ShouldContain("kubectl apply --server-side -f crds/");
    }

    [Fact]
    public async Task A_server_that_has_every_field_is_told_nothing_of()
    {
        using var client = Client("nothing");
        await WriteAsync(client, "acme", "one");
        heard.Lines.ShouldBeEmpty();
    }

    public void Dispose()
    {
        logs.Dispose();
        heard.Dispose();
    }

    private Task<bool> WriteAsync(KubeClient client, string name, string pending)
    {
        var store = new EncryptedStore
        {
            Metadata = new ObjectMeta { Name = name, Namespace = "acme", Uid = "u", ResourceVersion = "1" },
        };
        var status = new EncryptedStoreStatus
        {
            PendingKey = pending,
            Location = new() { Cloud = "aws", Region = "eu-west-1", Bucket = "byok-acme", Prefix = "acme/" },
            Conditions = [new Condition { Type = "Ready", Status = "True", Reason = "Observed" }],
        };
        return older.Writer(client.Api<EncryptedStore>(), TimeProvider.System)
            .WriteAsync(store with { Status = status }, store, CancellationToken.None);
    }

    private static KubeClient Client(string dropped) =>
        new(new KubeConnection { Host = "http://cluster", Namespace = "byok-system" },
            new KubeClientOptions { MaxAttempts = 1 }, TimeProvider.System, new Dropping(dropped));

    /// <summary>Answers with what it was sent, without that field of the status; without the status,
    /// where it has no name.</summary>
    private sealed class Dropping(string field) : HttpMessageHandler
    {
        private int version = 1;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!.AsObject();
            body["metadata"]!["resourceVersion"] = $"{++version}";
            string[] path = ["status", .. field.Split('.', StringSplitOptions.RemoveEmptyEntries)];
            path[..^1].Aggregate<string, JsonNode?>(body, (at, name) => at?[name])?.AsObject().Remove(path[^1]);
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
            };
        }
    }
}
