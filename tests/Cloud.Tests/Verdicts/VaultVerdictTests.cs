using Cloud.Azure;
using Cloud.Azure.Keys;
using Cloud.Keys;
using Cloud.Tests.Azure;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Verdicts;

/// <summary>The whole table of what vaults, Entra and Resource Manager refuse.
/// Vaults' and Entra's answers come over HTTP.</summary>
public sealed class VaultVerdictTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private const string Role = "Key Vault Crypto Service Encryption User";
    private static readonly Dictionary<string, string> Context = new() { ["byok.dev/tenant"] = "acme" };

    /// <summary>What a vault says, by status and code.</summary>
    private static readonly IReadOnlyList<Refusal> OfVaults =
    [
        new("KeyDisabled", "Operation unwrapKey is not allowed on a disabled key.", KeyVerdict.Revoked, "KeyDisabled",
            403),
        new("KeyExpired", "Operation unwrapKey is not allowed on an expired key.", KeyVerdict.Revoked, "KeyExpired",
            403),
        new("KeyNotYetValid", "Operation unwrapKey is not allowed on a key that is not yet valid.", KeyVerdict.Revoked,
            "KeyNotYetValid", 403),
        new("KeyOperationForbidden", "Operation unwrapKey is not permitted on this key.", KeyVerdict.Revoked,
            "KeyOperationForbidden", 403),
        new("KeyNotFound", "A key with (name/id) acme was not found in this key vault.", KeyVerdict.Revoked,
            "KeyNotFound", 404),
        new("BadParameter", "The parameter is incorrect.", KeyVerdict.Revoked, "KeyReplaced"),
        new("ForbiddenByRbac", "Caller is not authorized to perform action on resource.", KeyVerdict.Revoked,
            "AccessDenied", 403),
        new("ForbiddenByPolicy", "The application does not have keys unwrapKey permission on key vault.",
            KeyVerdict.Revoked, "AccessDenied", 403),
        new("ForbiddenByFirewall", "Client address is not authorized and caller is not a trusted service.",
            KeyVerdict.Unknown, "VaultNetworkClosed", 403),
        new("ForbiddenByConnection",
            "Public network access is disabled and request is not from a trusted service nor via an approved private "
                + "link.", KeyVerdict.Unknown, "VaultNetworkClosed", 403),
        new("Forbidden", "in words of some later year", KeyVerdict.Unknown, "DenialUnattributed", 403),
        new("Unauthorized", "AKV10032: Invalid issuer.", KeyVerdict.Unknown, "WrongDirectory", 401),
        new("Throttled", "Request was not processed because too many requests were received.", KeyVerdict.Unknown,
            "Throttled", 429),
        new("TooManyRequests", "", KeyVerdict.Unknown, "Throttled", 429),
        new("InternalServerError", "", KeyVerdict.Unknown, "Unreachable", 500),
        new("VaultNotFound", "", KeyVerdict.Unknown, "Unreachable", 404),
        new("NoSuchCode", "", KeyVerdict.Unknown, "Refused", 400),
    ];

    /// <summary>What Entra says in the tenant's directory.</summary>
    private static readonly IReadOnlyList<Refusal> OfEntra =
    [
        new("AADSTS90002", "Tenant was not found.", KeyVerdict.Revoked, "DirectoryNotFound"),
        new("AADSTS700016", "Application was not found in the directory.", KeyVerdict.Revoked,
            "ApplicationNotInstalled"),
        new("AADSTS7000229", "The client application is missing service principal in the tenant.", KeyVerdict.Revoked,
            "ApplicationNotInstalled"),
        new("AADSTS500011", "The resource principal was not found in the tenant.", KeyVerdict.Revoked,
            "ApplicationNotInstalled"),
        new("AADSTS7000112", "Application is disabled.", KeyVerdict.Unknown, "DenialUnattributed"),
        .. new[] { "AADSTS7000215", "AADSTS7000222", "AADSTS700024", "AADSTS70021", "AADSTS700213", "AADSTS53003" }
            .Select(code => new Refusal(code, "of our own sign-in", KeyVerdict.Unknown, "OwnCredentials")),
    ];

    /// <summary>What no vault answers with, as the adapter names it.</summary>
    private static readonly IReadOnlyList<(CloudProblem Problem, KeyVerdict Verdict, string Reason)> Others =
    [
        (new CloudProblem.OwnCredentials("NoCredentials", ""), KeyVerdict.Unknown, "OwnCredentials"),
        (new CloudProblem.Forbidden("AuthorizationFailed", ""), KeyVerdict.Unknown, "OwnCredentials"),
        (new CloudProblem.Forbidden("LinkedAuthorizationFailed", ""), KeyVerdict.Unknown, "OwnCredentials"),
        (new CloudProblem.Forbidden("RequestDisallowedByPolicy", ""), KeyVerdict.Unknown, "OwnCredentials"),
        (new CloudProblem.Unreachable("NameNotResolved", ""), KeyVerdict.Unknown, "VaultNameUnknown"),
        (new CloudProblem.Unreachable("EntraUnreachable", ""), KeyVerdict.Unknown, "EntraUnreachable"),
        (new CloudProblem.WrongKey("BadParameter", ""), KeyVerdict.Revoked, "KeyReplaced"),
    ];

    public static TheoryData<string, int> VaultCodes => Data(OfVaults);

    public static TheoryData<string, int> EntraCodes => Data(OfEntra);

    [Theory]
    [MemberData(nameof(VaultCodes))]
    public async Task A_vaults_refusal_means(string code, int status)
    {
        var said = OfVaults.First(one => one.Code == code && one.Status == status);
        var (key, vault, canary) = await ProvedAsync();
        stand.Server.Admin.AddFault(
            new FaultRule(new FaultEffect.Answer(status, code, said.Message))
            {
                Service = "keyvault",
                Operation = OperationOf(code),
                Account = vault,
            });

        using var cloud = stand.NewCloud(time: SkippingTime.OnlyPauses());
        Judge(await cloud.Keys.ProveAsync(key, Context, canary, CancellationToken.None), said);
    }

    [Theory]
    [MemberData(nameof(EntraCodes))]
    public async Task A_refusal_of_the_tenants_directory_means(string code, int status)
    {
        var said = OfEntra.First(one => one.Code == code);
        var (key, _, canary) = await ProvedAsync();
        var ownToken = new FaultRule(new FaultEffect.Answer(status, "invalid_client", $"{code}: {said.Message}"))
        {
            Service = "entra",
            Skip = 1,
        };
        var fault = stand.Server.Admin.AddFault(ownToken);
        try
        {
            using var cloud = stand.NewCloud(time: SkippingTime.OnlyPauses());
            Judge(await cloud.Keys.ProveAsync(key, Context, canary, CancellationToken.None), said);
        }
        finally
        {
            stand.Server.Admin.RemoveFault(fault);
        }
    }

    [Fact]
    public void A_refusal_of_our_own_side_means()
    {
        foreach (var (problem, verdict, reason) in Others)
        {
            var judgement = VaultJudgement.Of(problem);
            (judgement.Verdict, judgement.Reason).ShouldBe((verdict, reason), problem.Code);
        }
    }

    [Fact]
    public void Of_a_vault_of_the_platforms_own_no_role_is_a_tenants()
    {
        foreach (var code in new[] { "ForbiddenByRbac", "ForbiddenByPolicy", "Forbidden" })
        {
            var judgement = VaultJudgement.Of(AzureProblems.From(403, code, ""), isOurs: true);
            (judgement.Verdict, judgement.Reason).ShouldBe((KeyVerdict.Unknown, "OwnCredentials"), code);
        }
    }

    [Fact]
    public void Every_row_has_a_source_and_an_answer_that_tries_it()
    {
        var tried = OfVaults.Select(one => AzureProblems.From(one.Status, one.Code, one.Message))
            .Concat(OfEntra.Select(OfSignIn)).Concat(Others.Select(one => one.Problem))
            .Select(VaultVerdicts.Table.Find).ToHashSet();
        foreach (var row in VaultVerdicts.Table.Rows)
        {
            row.Source.ShouldMatch("^(observed|https://learn\\.microsoft\\.com/.+)$", row.ToString());
            tried.ShouldContain(row, $"no answer is decided by {row}");
        }
    }

    /// <summary>A version that is gone while the name stands is another key;
    /// a key that is gone is so whatever it is asked.</summary>
    private static string? OperationOf(string code) => code == "KeyNotFound" ? null : "UnwrapKey";

    private static CloudProblem OfSignIn(Refusal one) =>
        AzureProblems.From(new global::Azure.Identity.AuthenticationFailedException($"{one.Code}: {one.Message}"),
            isTenants: true);

    private static void Judge(KeyProof proof, Refusal said)
    {
        (proof.Verdict, proof.Reason).ShouldBe((said.Verdict, said.Reason), proof.Message);
        if (proof.Verdict == KeyVerdict.Unknown)
        {
            proof.MissingActions.ShouldBeEmpty("a tenant would be told to mend what is not its own");
        }
    }

    private static TheoryData<string, int> Data(IReadOnlyList<Refusal> refusals)
    {
        var data = new TheoryData<string, int>();
        foreach (var one in refusals)
        {
            data.Add(one.Code, one.Status);
        }

        return data;
    }

    private async Task<(KeyRef Key, string Vault, Canary Canary)> ProvedAsync()
    {
        var vault = stand.Name("verdicts");
        stand.Admin.CreateVault(vault);
        stand.Admin.CreateKey(vault, "acme");
        stand.Admin.AddRole(stand.Admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!, Role,
            $"{stand.Admin.VaultId(vault)}/keys/acme");
        var key = new KeyRef(KeyRef.AnyRegion, $"https://{vault}.vault.azure.net/keys/acme")
        {
            Cloud = CloudKind.Azure, Tenancy = new KeyTenancy(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId),
        };
        return (key, vault, (await stand.Cloud.Keys.ProveAsync(key, Context, null, CancellationToken.None)).Canary!);
    }
}
