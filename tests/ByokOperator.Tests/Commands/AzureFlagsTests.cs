using ByokOperator.Cluster;
using ByokOperator.Commands;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Commands;

public sealed class AzureFlagsTests
{
    private const string KmsKey = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private const string Role = "arn:aws:iam::111122223333:role/byok-operator";
    private const string Id = "11111111-2222-3333-4444-555555555555";

    [Fact]
    public void Sound_flags_pass() => AzureFlags.Violations(new AzureAccess
    {
        TenantId = Id,
        ClientId = Id,
        ApplicationClientId = Id,
        IdentityResourceId =
            "/subscriptions/1/resourceGroups/byok/providers/Microsoft.ManagedIdentity/userAssignedIdentities/byok",
        Environment = "china",
    }).ShouldBeEmpty();

    [Fact]
    public void Each_wrong_flag_is_named() => AzureFlags.Violations(new AzureAccess
    {
        TenantId = "acme.onmicrosoft.com",
        ClientId = "byok",
        ApplicationClientId = "",
        IdentityResourceId = "byok",
        Environment = "mars",
    }).Select(text => text.Split(' ')[0])
        .ShouldBe(
            ["--azure-tenant", "--azure-client", "--azure-application", "--azure-identity", "--azure-environment"]);

    [Theory]
    [InlineData(0, "--key", "https://acme.vault.azure.net/keys/acme", "--tenant", Id, "--application", Id)]
    [InlineData(0, "--key", "https://acme.vault.azure.cn/keys/acme", "--tenant", Id, "--application", Id, "--form",
        "bicep")]
    [InlineData(2, "--key", "https://acme.vault.azure.net/keys/acme", "--tenant", "acme", "--application", Id)]
    [InlineData(2, "--key", "https://acme.example.net/keys/acme", "--tenant", Id, "--application", Id)]
    [InlineData(2, "--key", "https://acme.vault.azure.net/keys/acme", "--tenant", Id, "--application", Id, "--form",
        "terraform")]
    [InlineData(2, "--key", "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")]
    [InlineData(0, "--key", KmsKey, "--operator-role", Role)]
    [InlineData(0, "--key", KmsKey, "--operator-role", Role, "--tenant-name", "acme", "--bucket-names", "acme-own",
        "--data-role", "arn:aws:iam::111122223333:role/acme-data")]
    [InlineData(2, "--key", KmsKey, "--operator-role", Role, "--tenant-name", "acme", "--bucket-names", "acme-*")]
    [InlineData(2, "--key", KmsKey, "--operator-role", Role, "--tenant-name", "acme\"*")]
    [InlineData(2, "--key", KmsKey, "--operator-role", "arn:aws:iam::111122223333:role/*")]
    [InlineData(2, "--key", KmsKey, "--operator-role", Role, "--tenant-name", "acme", "--data-role", "acme-data")]
    [InlineData(2, "--key", KmsKey, "--operator-role", Role, "--tenant-name", "acme", "--data-role", Role)]
    [InlineData(2, "--key", KmsKey, "--operator-role", Role, "--data-role", "arn:aws:iam::111122223333:role/acme-data")]
    [InlineData(2, "--key", KmsKey, "--operator-role", "arn:aws-cn:iam::111122223333:role/op")]
    public async Task The_policy_of_either_cloud_is_printed_or_refused(int code, params string[] arguments) =>
        (await PolicyCommand.Create().Parse(arguments)
            .InvokeAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(code);
}
