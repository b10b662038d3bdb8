using System.Security.Cryptography;
using Cloud.Aws;
using Cloud.Keys;
using Cloud.Tests.Contract;
using LocalCloud;
using LocalCloud.Faults;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Keys;

/// <summary>Importing while KMS errs: each call in turn throttled, refused,
/// cut before and after it took effect.</summary>
public sealed class ImportFaultTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Material = RandomNumberGenerator.GetBytes(32);

    private readonly ImportedKeyOwner owner = ContractWorld.Owner();
    private LocalCloudServer server = null!;
    private AwsCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        server = await LocalCloudServer.StartAsync();
        cloud = AwsCloud.Create(
            new AwsOptions
            {
                AccessKey = new AwsAccessKey(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret),
                OperatorRoleArn = LocalCloudAccounts.OperatorRole,
                KmsEndpoint = server.Url.ToString(),
                Rates = new Dictionary<string, double> { ["kms:GetParametersForImport"] = 1000 },
            },
            SkippingTime.OnlyPauses(),
            NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        cloud.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_creation_whose_answer_was_lost_is_found_by_a_scan_and_made_once()
    {
        // A connection that was used before is where a request may be repeated unasked.
        await cloud.ImportedKeys.CreateAsync(new(ContractWorld.Owner(), ContractWorld.Region), DataPrincipal.Nobody,
            None);
        Fault("CreateKey", new FaultEffect.LoseAnswer());
        var failure = await Should.ThrowAsync<CloudException>(() =>
            cloud.ImportedKeys.CreateAsync(new(owner, ContractWorld.Region), DataPrincipal.Nobody, None));
        failure.Problem.ShouldBeOfType<CloudProblem.Unreachable>();
        var found = await cloud.ImportedKeys.ScanAsync(new(owner, ContractWorld.Region), None);
        found.Count.ShouldBe(1);
        (await cloud.ImportedKeys.NameAsync(new(owner, ContractWorld.Region), found[0].Key, None))
            .ShouldBeOfType<NamingOutcome.Named>();
    }

    [Fact]
    public async Task A_name_given_without_an_answer_is_found_given()
    {
        var key = await cloud.ImportedKeys.CreateAsync(new(owner, ContractWorld.Region), DataPrincipal.Nobody, None);
        Fault("CreateAlias", new FaultEffect.LoseAnswer());
        (await cloud.ImportedKeys.NameAsync(new(owner, ContractWorld.Region), key.Key, None))
            .ShouldBeOfType<NamingOutcome.Named>();
        (await cloud.ImportedKeys.FindAsync(new(owner, ContractWorld.Region), None))!.Key.ShouldBe(key.Key);
    }

    [Fact]
    public async Task Of_many_that_name_at_once_one_key_is_named()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => cloud.ImportedKeys.CreateAsync(new(owner, ContractWorld.Region), DataPrincipal.Nobody, None)));
        var outcomes = await Task.WhenAll(
            keys.Select(key => cloud.ImportedKeys.NameAsync(new(owner, ContractWorld.Region), key.Key, None)));
        outcomes.OfType<NamingOutcome.Named>().Count().ShouldBe(1);
        var named = keys[Array.FindIndex(outcomes, outcome => outcome is NamingOutcome.Named)];
        outcomes.OfType<NamingOutcome.TakenBy>().ShouldAllBe(taken => taken.Holder.Key == named.Key);
    }

    [Theory]
    [InlineData("ExpiredImportTokenException")]
    [InlineData("InvalidImportTokenException")]
    [InlineData("InvalidCiphertextException")]
    public async Task Parameters_that_do_not_fit_any_more_are_fetched_again(string code)
    {
        var key = await KeyAsync();
        Fault("ImportKeyMaterial", new FaultEffect.Answer(400, code, "no"));
        (await ImportAsync(key)).ShouldBeOfType<ImportOutcome.Imported>();
        server.Admin.Count("kms", "GetParametersForImport").ShouldBe(2);
    }

    [Theory]
    [InlineData("ExpiredImportTokenException")]
    [InlineData("InvalidCiphertextException")]
    public async Task Parameters_that_never_fit_are_a_conflict_and_no_word_on_the_material(string code)
    {
        var key = await KeyAsync();
        Fault("ImportKeyMaterial", new FaultEffect.Answer(400, code, "no"), count: null);
        (await Should.ThrowAsync<CloudException>(() => ImportAsync(key))).Problem
            .ShouldBeOfType<CloudProblem.Conflict>().Code.ShouldBe(code);
        server.Admin.Count("kms", "GetParametersForImport").ShouldBe(2);
    }

    [Theory]
    [InlineData("GetParametersForImport")]
    [InlineData("ImportKeyMaterial")]
    public async Task Passing_faults_are_waited_out(string operation)
    {
        foreach (var effect
            in new FaultEffect[]
            {
                new FaultEffect.Throttle(),
                new FaultEffect.Fail(500),
                new FaultEffect.Drop(),
                new FaultEffect.LoseAnswer(),
            })
        {
            var key = await KeyAsync();
            Fault(operation, effect);
            (await ImportAsync(key)).ShouldBeOfType<ImportOutcome.Imported>(effect.ToString());
        }
    }

    [Theory]
    [InlineData("GetParametersForImport")]
    [InlineData("ImportKeyMaterial")]
    public async Task An_outage_is_no_word_on_the_material(string operation)
    {
        var key = await KeyAsync();
        Fault(operation, new FaultEffect.Fail(500), count: null);
        (await Should.ThrowAsync<CloudException>(() => ImportAsync(key))).Problem
            .ShouldBeOfType<CloudProblem.Unreachable>();
        server.Admin.ClearFaults();
        Fault(operation, new FaultEffect.Deny(), count: null);
        (await Should.ThrowAsync<CloudException>(() => ImportAsync(key))).Problem
            .ShouldBeOfType<CloudProblem.Forbidden>();
    }

    [Fact]
    public async Task A_scan_that_may_read_no_tags_does_not_answer_none()
    {
        await KeyAsync();
        Fault("ListResourceTags", new FaultEffect.Deny(), count: null);
        (await Should.ThrowAsync<CloudException>(() =>
            cloud.ImportedKeys.ScanAsync(new(owner, ContractWorld.Region), None))).Problem
                .ShouldBeOfType<CloudProblem.Forbidden>();
    }

    [Fact]
    public async Task A_scan_goes_past_the_first_page_and_past_keys_of_others_that_refuse()
    {
        for (var count = 0; count < 1100; count++)
        {
            server.Admin.CreateKey(LocalCloudAccounts.Platform, ContractWorld.Region, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/admin"},"Action":"kms:*","Resource":"*"}]}
                """);
        }

        var key = await KeyAsync();
        (await cloud.ImportedKeys.ScanAsync(new(owner, ContractWorld.Region), None)).Single().Key.ShouldBe(key);
        server.Admin.Count("kms", "ListKeys").ShouldBe(2);
    }

    [Fact]
    public async Task A_key_that_is_not_listed_yet_is_found_once_the_cloud_has_settled()
    {
        server.Admin.KeyListLag = IImportedKeys.Settling;
        var key = await KeyAsync();
        (await cloud.ImportedKeys.ScanAsync(new(owner, ContractWorld.Region), None)).ShouldBeEmpty();
        server.Admin.KeyListLag = TimeSpan.Zero;
        (await cloud.ImportedKeys.ScanAsync(new(owner, ContractWorld.Region), None)).Single().Key.ShouldBe(key);
    }

    [Fact]
    public async Task An_owner_whose_uid_is_no_uid_is_refused()
    {
        var odd = owner with { Uid = "a/../b" };
        (await Should.ThrowAsync<CloudException>(() =>
            cloud.ImportedKeys.FindAsync(new(odd, ContractWorld.Region), None))).Problem
                .ShouldBeOfType<CloudProblem.Refused>();
    }

    [Fact]
    public async Task Only_32_bytes_are_handed_over() =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => cloud.ImportedKeys.ImportAsync(
            ContractWorld.Place, new KeyRef(ContractWorld.Region, "arn"), new byte[31], new MaterialExpiry.Never(),
            null, None));

    private async Task<KeyRef> KeyAsync() =>
        (await cloud.ImportedKeys.CreateAsync(new(owner, ContractWorld.Region), DataPrincipal.Nobody, None)).Key;

    private Task<ImportOutcome> ImportAsync(KeyRef key) =>
        cloud.ImportedKeys.ImportAsync(ContractWorld.Place, key, Material, new MaterialExpiry.Never(), null, None);

    private void Fault(string operation, FaultEffect effect, int? count = 1) =>
        server.Admin.AddFault(new FaultRule(effect) { Service = "kms", Operation = operation, Count = count });
}
