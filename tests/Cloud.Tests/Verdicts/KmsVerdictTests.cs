using System.Net;
using Cloud.Aws;
using Cloud.Aws.Keys;
using Cloud.Keys;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Verdicts;

/// <summary>The whole table of what KMS refuses, each answer through the real SDK from a key of LocalCloud's.</summary>
public sealed class KmsVerdictTests(KmsStand stand) : IClassFixture<KmsStand>
{
    public static TheoryData<string, string, string, string> Refusals
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var one in KmsRefusals.All)
            {
                data.Add(one.Code, one.Message, one.Verdict.ToString(), one.Reason);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_means(string code, string message, string verdict, string reason)
    {
        var said = KmsRefusals.All.First(one => one.Code == code && one.Message == message);
        var (key, canary) = await stand.ProvedAsync();
        stand.Admin.AddFault(
            new FaultRule(new FaultEffect.Answer(said.Status, code, message))
            {
                Service = "kms",
                Operation = "Decrypt",
                KeyPrefix = key.Id,
            });

        var proof = await stand.Without.Keys.ProveAsync(key, KmsStand.Context, canary, CancellationToken.None);

        (proof.Verdict.ToString(), proof.Reason).ShouldBe((verdict, reason), proof.Message);
        if (proof.Verdict == KeyVerdict.Unknown)
        {
            proof.MissingActions.ShouldBeEmpty("a tenant would be told to mend what is not its own");
            proof.Message.ShouldNotContain("required policy");
        }
    }

    [Fact]
    public void Every_row_has_a_source_and_an_answer_that_tries_it()
    {
        var tried = KmsRefusals.All.Select(one => KmsVerdicts.Table.Find(Problem(one))).ToHashSet();
        foreach (var row in KmsVerdicts.Table.Rows.Where(row => row.Service == "kms"))
        {
            row.Source.ShouldMatch("^(observed|https://docs\\.aws\\.amazon\\.com/.+)$", row.ToString());
            tried.ShouldContain(row, $"no answer of KmsRefusals is decided by {row}");
            row.EachCode.Where(code => code[0] != '<').ShouldBeSubsetOf(KmsRefusals.All.Select(one => one.Code));
        }
    }

    [Theory]
    [InlineData("Disabled", KeyVerdict.Revoked, "KeyDisabled")]
    [InlineData("PendingDeletion", KeyVerdict.Revoked, "KeyPendingDeletion")]
    [InlineData("PendingReplicaDeletion", KeyVerdict.Revoked, "KeyPendingDeletion")]
    [InlineData("PendingImport", KeyVerdict.Revoked, "KeyPendingImport")]
    [InlineData("Unavailable", KeyVerdict.Revoked, "KeyUnavailable")]
    [InlineData("Enabled", KeyVerdict.Unknown, "KeyStateUnclear")]
    [InlineData("Creating", KeyVerdict.Unknown, "KeyStateUnclear")]
    [InlineData("Updating", KeyVerdict.Unknown, "KeyStateUnclear")]
    public async Task Of_words_that_are_not_known_the_state_of_the_key_decides(
        string state, KeyVerdict verdict, string reason)
    {
        var (key, canary) = await stand.ProvedAsync();
        stand.Admin.SetKeyState(key.Id, state);
        stand.Admin.AddFault(
            new FaultRule(new FaultEffect.Answer(400, "KMSInvalidStateException", "in words of some later year"))
            {
                Service = "kms",
                Operation = "Decrypt",
                KeyPrefix = key.Id,
            });

        var proof = await stand.Without.Keys.ProveAsync(key, KmsStand.Context, canary, CancellationToken.None);

        (proof.Verdict, proof.Reason).ShouldBe((verdict, reason));
    }

    [Fact]
    public void Every_state_that_decides_is_tried_above() =>
        KmsVerdicts.Table.Rows.Where(row => row.Service == KmsVerdicts.StateOf).SelectMany(row => row.EachCode)
            .ShouldBe(["Disabled", "PendingDeletion", "PendingReplicaDeletion", "PendingImport", "Unavailable"],
                ignoreOrder: true);

    [Fact]
    public void Of_a_key_of_the_platforms_own_no_policy_is_a_tenants()
    {
        foreach (var one in KmsRefusals.All.Where(one => one.Reason is "AccessDenied" or "DenialUnattributed"))
        {
            var judgement = KeyJudgement.Of(Problem(one), isOurs: true)!;
            (judgement.Verdict, judgement.Reason).ShouldBe((KeyVerdict.Unknown, "OwnCredentials"), one.Message);
        }
    }

    private static CloudProblem Problem(Refusal one) =>
        AwsProblems.From(one.Code, one.Message, (HttpStatusCode)one.Status);
}
