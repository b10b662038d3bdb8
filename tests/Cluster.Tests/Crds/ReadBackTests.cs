using System.Buffers;
using System.Text;
using ByokOperator.Api;
using Kube.Core;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Crds;

/// <summary>What a server with the definitions takes, however odd, and hands back,
/// the operator's own reader reads.</summary>
[Trait("Server", "crdserver")]
public sealed class ReadBackTests(CrdServer server) : IClassFixture<CrdServer>
{
    private const string Key = """
        apiVersion: byok.dev/v1alpha1
        kind: TenantEncryptionKey
        metadata: {name: odd, annotations: {"a": "b"}}
        """;

    private const string Store = """
        apiVersion: byok.dev/v1alpha1
        kind: EncryptedStore
        metadata: {name: odd}
        """;

    private readonly string space = $"odd-{Guid.NewGuid():n}";

    [Theory]
    [InlineData("2027-01-01t00:00:00z")]
    [InlineData("2027-01-01T00:00:00.123456789Z")]
    [InlineData("2028-02-29T23:59:59+13:59")]
    public async Task A_time_that_the_server_takes_is_a_time_to_the_reader(string time)
    {
        CrdServer.SkipWithoutServer();
        var key = await ApplyAsync<TenantEncryptionKey>(
            $"{Key}\nspec: {{imported: {{aws: {{regions: [eu-west-1], validTo: \"{time}\"}}}}}}");
        KeyRules.Check(key).ShouldBeEmpty();
        key.Spec.Imported!.End.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("2027-01-01T00:00:00Ztomorrow")]
    [InlineData("2027-01-01T00:00:00+99:99")]
    [InlineData("2027-02-29T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("")]
    public async Task What_is_no_time_is_refused_with_the_mend(string time)
    {
        CrdServer.SkipWithoutServer();
        var answer = await SendAsync(
            $"{Key}\nspec: {{imported: {{azure: {{vaultUri: \"https://platform.vault.azure.net\", keyName: acme, "
                + $"validTo: \"{time}\"}}}}}}");
        answer.IsSuccess.ShouldBeFalse();
        answer.Message.ShouldContain("not a time: write one such as 2027-01-31T00:00:00Z");
    }

    [Theory]
    [InlineData("8.0", 8)]
    [InlineData("0.8e1", 8)]
    [InlineData("64.0", 64)]
    [InlineData("null", 8)]
    public async Task A_whole_number_is_one_however_it_is_written(string number, int told)
    {
        CrdServer.SkipWithoutServer();
        var store = await ApplyAsync<EncryptedStore>(
            $"{Store}\nspec: {{keyRef: {{name: acme}}, aws: {{region: eu-west-1}}, migration: {{parallelism: "
                + $"{number}}}}}");
        store.Spec.Migration.Parallelism.ShouldBe(told);
    }

    [Theory]
    [InlineData("""{imported: {aws: {regions: [eu-west-1]}, wrappedKeyFrom: {secretName: "a/b\u0000\u2028😀"}}}""")]
    [InlineData(
        """{state: null, revocation: null, rotation: {}, awsKms: {keys: [{region: eu-west-1, arn: "arn:aws:kms:eu-west-1:111122223333:key/a"}]}}""")]
    [InlineData(
        """{revocation: {probeInterval: 0.000000001h1s, maxStaleness: 00000000168h}, imported: {aws: {regions: [ap-southeast-12]}, allowLegacyWrapping: null}}""")]
    public async Task An_odd_key_that_the_server_takes_is_read(string spec)
    {
        CrdServer.SkipWithoutServer();
        KeyRules.Check(await ApplyAsync<TenantEncryptionKey>($"{Key}\nspec: {spec}")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        """{observedGeneration: 1.0, lastVerifiedTime: "2027-01-01t00:00:00z", unknownSince: "2027-01-01T00:00:00+99:99", revokedSince: "2027-01-01T00:00:00Ztomorrow"}""")]
    [InlineData(
        """{conditions: [{type: Ready, status: "True", reason: Odd, lastTransitionTime: "0000-01-01t00:00:00-23:59", observedGeneration: 2e0}]}""")]
    public async Task A_status_that_somebody_else_wrote_does_not_spoil_its_object(string status)
    {
        CrdServer.SkipWithoutServer();
        var spec = """spec: {awsKms: {keys: [{region: eu-west-1, arn: "arn:aws:kms:eu-west-1:111122223333:key/a"}]}}""";
        await ApplyAsync<TenantEncryptionKey>($"{Key}\n{spec}");
        var read = Read<TenantEncryptionKey>(await SendAsync($"{Key}\nstatus: {status}", "/status"));
        read.Spec.AwsKms!.Keys.Count.ShouldBe(1);
        read.Status.ShouldNotBeNull();
    }

    private async Task<T> ApplyAsync<T>(string manifest)
        where T : class, IResource<T> => Read<T>(await SendAsync(manifest));

    private Task<CrdServer.Answer> SendAsync(string manifest, string subresource = "") =>
        server.ApplyAsync(
            CrdServer.PathOf(ByokOperator.Tests.Api.Yaml.Parse(manifest.Split("\nspec:")[0].Split("\nstatus:")[0])
                .Single().AsObject(), space) + subresource, manifest);

    /// <summary>As a list brings it.</summary>
    private static T Read<T>(CrdServer.Answer answer)
        where T : class, IResource<T>
    {
        answer.IsSuccess.ShouldBeTrue(answer.Text);
        var page =
            KubeList.Parse<T>(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes($$"""{"items":[{{answer.Text}}]}""")));
        page.Unreadable.Select(bad => bad.Reason).ShouldBeEmpty();
        return page.Items.ShouldHaveSingleItem();
    }
}
