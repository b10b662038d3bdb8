using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Aws.Kms;

/// <summary>Who may: key policies across accounts, grants, and what another account never may.</summary>
public sealed class PolicyTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    private const string Own =
        """{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"kms:*","Resource":"*"}""";

    [Fact]
    public async Task Another_account_is_denied_in_AWSs_words_until_the_policy_names_it()
    {
        var key = cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, CloudFixture.Region);
        var problem = await Expect.Problem(400, "AccessDeniedException", () => Generate(cloud.OperatorKms, key));
        problem.Message.ShouldBe(
            "User: arn:aws:sts::111111111111:assumed-role/byok-operator/local is not authorized to perform: "
                + "kms:GenerateDataKeyWithoutPlaintext on this resource because the resource does not exist in this "
                + "Region, no resource-based policies allow access, or a resource-based policy explicitly denies "
                + "access");
        await Put(key,
            """{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:GenerateDataKey*","Resource":"*"}""");
        await Generate(cloud.OperatorKms, key);
    }

    [Fact]
    public async Task A_deny_wins_over_every_allow_and_says_so()
    {
        var key = cloud.NewTenantKey();
        await Put(key, """{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}""",
            """{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111111111111:role/byok-operator"},"Action":"kms:Generate*","Resource":"*"}""");
        (await Expect.Problem(400, "AccessDeniedException", () => Generate(cloud.OperatorKms, key))).Message
            .ShouldContain("explicitly denies");
        await Generate(cloud.Kms(CloudFixture.Workload), key);
    }

    [Theory]
    [InlineData("""{"StringEquals":{"kms:EncryptionContext:tenant":"acme"}}""", "acme", true)]
    [InlineData("""{"StringEquals":{"kms:EncryptionContext:tenant":"acme"}}""", "other", false)]
    [InlineData("""{"StringLike":{"kms:EncryptionContext:tenant":"ac*"}}""", "acme", true)]
    [InlineData("""{"ForAllValues:StringEquals":{"kms:EncryptionContextKeys":["tenant"]}}""", "acme", true)]
    [InlineData("""{"StringEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com"}}""", "acme", false)]
    [InlineData("""{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/byok-*"}}""", "acme", true)]
    [InlineData("""{"Bool":{"aws:SecureTransport":"false"}}""", "acme", false)]
    [InlineData("""{"Null":{"kms:EncryptionContext:tenant":"false"}}""", "acme", true)]
    [InlineData("""{"StringEquals":{"kms:CallerAccount":"111111111111"}}""", "acme", true)]
    public async Task Conditions_decide(string condition, string tenant, bool may)
    {
        var key = cloud.NewTenantKey();
        await Put(key,
            $$"""{"Effect":"Allow","Principal":{"AWS":"{{LocalCloudAccounts.OperatorRole}}"},"Action":"kms:*","Resource":"*","Condition":{{condition}} }""");
        Task Call() =>
            cloud.OperatorKms.GenerateDataKeyWithoutPlaintextAsync(
                new GenerateDataKeyWithoutPlaintextRequest
                {
                    KeyId = key,
                    KeySpec = DataKeySpec.AES_256,
                    EncryptionContext = new() { ["tenant"] = tenant },
                });
        if (may)
        {
            await Call();
        }
        else
        {
            await Expect.Problem(400, "AccessDeniedException", Call);
        }
    }

    [Fact]
    public async Task What_no_other_account_may_is_denied_whatever_the_policy_says()
    {
        var key = cloud.NewTenantKey();
        await Put(key,
            """{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*","Resource":"*"}""");
        var kms = cloud.OperatorKms;
        await Expect.Problem(400, "AccessDeniedException", () => kms.DisableKeyAsync(key));
        await Expect.Problem(400, "AccessDeniedException", () => kms.GetKeyPolicyAsync(key, "default"));
        await Expect.Problem(400, "AccessDeniedException", () => kms.ScheduleKeyDeletionAsync(key, 7));
        await Expect.Problem(400, "AccessDeniedException",
            () => kms.RotateKeyOnDemandAsync(new RotateKeyOnDemandRequest { KeyId = key }));
        await Expect.Problem(400, "AccessDeniedException",
            () =>
                kms.TagResourceAsync(
                    new TagResourceRequest { KeyId = key, Tags = [new Tag { TagKey = "a", TagValue = "b" }] }));
        await kms.DescribeKeyAsync(key);
        await kms.GetKeyRotationStatusAsync(new GetKeyRotationStatusRequest { KeyId = key });
        await kms.ListGrantsAsync(new ListGrantsRequest { KeyId = key });
    }

    [Fact]
    public async Task A_statement_without_resource_is_accepted_and_does_nothing()
    {
        var key = cloud.NewTenantKey();
        await Put(key, """{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*"}""");
        await Expect.Problem(400, "AccessDeniedException", () => Generate(cloud.OperatorKms, key));
    }

    [Fact]
    public async Task A_policy_that_is_none_or_too_long_is_refused()
    {
        var key = cloud.NewTenantKey();
        await Expect.Problem(400, "MalformedPolicyDocumentException",
            () => cloud.TenantKms.PutKeyPolicyAsync(key, "no", "default"));
        await Expect.Problem(400, "LimitExceededException",
            () =>
                Put(key,
                    $$"""{"Sid":"{{new string('a', 33_000)}}","Effect":"Deny","Principal":"*","Action":"kms:None","Resource":"*"}"""));
    }

    [Fact]
    public async Task A_grant_lets_in_within_its_constraint_and_only_there()
    {
        var key = cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, CloudFixture.Region);
        var request = new CreateGrantRequest
        {
            KeyId = key,
            Name = "acme",
            GranteePrincipal = LocalCloudAccounts.OperatorRole,
            RetiringPrincipal = LocalCloudAccounts.OperatorRole,
            Operations = ["GenerateDataKeyWithoutPlaintext", "Decrypt"],
            Constraints = new GrantConstraints { EncryptionContextSubset = new() { ["tenant"] = "acme" } },
        };
        var grant = await cloud.TenantKms.CreateGrantAsync(request);
        (await cloud.TenantKms.CreateGrantAsync(request)).GrantId.ShouldBe(grant.GrantId);
        await Expect.Problem(400, "AccessDeniedException", () => Generate(cloud.OperatorKms, key));
        await Generate(cloud.OperatorKms, key, new() { ["tenant"] = "acme", ["more"] = "1" });
        await Expect.Problem(400, "AccessDeniedException",
            () =>
                cloud.OperatorKms.EncryptAsync(
                    new EncryptRequest
                    {
                        KeyId = key,
                        Plaintext = new MemoryStream([1]),
                        EncryptionContext = new() { ["tenant"] = "acme" },
                    }));
        await cloud.OperatorKms.RetireGrantAsync(new RetireGrantRequest { KeyId = key, GrantId = grant.GrantId });
        await Expect.Problem(400, "AccessDeniedException",
            () => Generate(cloud.OperatorKms, key, new() { ["tenant"] = "acme" }));
    }

    [Fact]
    public async Task A_fresh_grant_may_need_its_token_for_a_while()
    {
        await using var server =
            await LocalCloudServer.StartAsync(new LocalCloudOptions { GrantLag = TimeSpan.FromMinutes(5) });
        var key = server.Admin.CreateKey(LocalCloudAccounts.Tenant, CloudFixture.Region);
        using var tenant = new AmazonKeyManagementServiceClient(CloudFixture.Tenant,
            new AmazonKeyManagementServiceConfig
            {
                ServiceURL = server.Url.ToString(),
                AuthenticationRegion = CloudFixture.Region,
            });
        using var operating = new AmazonKeyManagementServiceClient(CloudFixture.Operator,
            new AmazonKeyManagementServiceConfig
            {
                ServiceURL = server.Url.ToString(),
                AuthenticationRegion = CloudFixture.Region,
            });
        var grant = await tenant.CreateGrantAsync(
            new CreateGrantRequest
            {
                KeyId = key,
                GranteePrincipal = LocalCloudAccounts.OperatorRole,
                Operations = ["GenerateDataKeyWithoutPlaintext"],
            });
        await Expect.Problem(400, "AccessDeniedException", () => Generate(operating, key));
        await operating.GenerateDataKeyWithoutPlaintextAsync(
            new GenerateDataKeyWithoutPlaintextRequest
            {
                KeyId = key,
                KeySpec = DataKeySpec.AES_256,
                GrantTokens = [grant.GrantToken],
            });
        server.Admin.ClockOffset = TimeSpan.FromMinutes(6);
        await Generate(operating, key);
    }

    [Fact]
    public async Task Grants_only_for_AWS_services_cannot_be_made_by_us()
    {
        var key = cloud.NewTenantKey();
        await Put(key,
            $$"""{"Effect":"Allow","Principal":{"AWS":"{{LocalCloudAccounts.OperatorRole}}"},"Action":["kms:CreateGrant"],"Resource":"*","Condition":{"Bool":{"kms:GrantIsForAWSResource":"true"} } }""");
        await Expect.Problem(400, "AccessDeniedException",
            () =>
                cloud.OperatorKms.CreateGrantAsync(
                    new CreateGrantRequest
                    {
                        KeyId = key,
                        GranteePrincipal = LocalCloudAccounts.WorkloadRole,
                        Operations = ["Decrypt"],
                    }));
    }

    [Fact]
    public async Task A_policy_can_bound_whom_and_what_grants_are_for()
    {
        var key = cloud.NewTenantKey();
        await Put(key, $$"""
            {"Effect":"Allow","Principal":{"AWS":"{{LocalCloudAccounts.OperatorRole}}"},"Action":"kms:CreateGrant","Resource":"*","Condition":{
              "StringEquals":{"kms:GranteePrincipal":"{{LocalCloudAccounts.WorkloadRole}}"},
              "ForAllValues:StringEquals":{"kms:GrantOperations":["Decrypt","GenerateDataKey"]} } }
            """);
        Task Make(string grantee, params List<string> operations) =>
            cloud.OperatorKms.CreateGrantAsync(
                new CreateGrantRequest { KeyId = key, GranteePrincipal = grantee, Operations = operations });
        await Make(LocalCloudAccounts.WorkloadRole, "Decrypt");
        await Expect.Problem(400, "AccessDeniedException",
            () => Make(LocalCloudAccounts.WorkloadRole, "Decrypt", "CreateGrant"));
        await Expect.Problem(400, "AccessDeniedException", () => Make(LocalCloudAccounts.OperatorRole, "Decrypt"));
    }

    private Task Put(string key, params string[] statements) =>
        cloud.TenantKms.PutKeyPolicyAsync(key,
            $$"""{"Version":"2012-10-17","Statement":[{{Own}},{{string.Join(',', statements)}}]}""", "default");

    private static Task Generate(
        IAmazonKeyManagementService kms, string key, Dictionary<string, string>? context = null) =>
        kms.GenerateDataKeyWithoutPlaintextAsync(
            new GenerateDataKeyWithoutPlaintextRequest
            {
                KeyId = key,
                KeySpec = DataKeySpec.AES_256,
                EncryptionContext = context,
            });
}
