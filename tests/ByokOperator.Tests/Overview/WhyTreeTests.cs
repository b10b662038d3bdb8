using ByokOperator.Api;
using ByokOperator.Overview;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Overview;

public sealed class WhyTreeTests
{
    private static readonly DateTimeOffset noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_condition_is_shown_with_why_and_since_when_and_what_helps()
    {
        var store = new EncryptedStore
        {
            Metadata = new() { Namespace = "acme", Name = "backups", Generation = 3 },
            Status = new()
            {
                Availability = "Closed", ClosedReason = "KeyDisabled", ObservedGeneration = 2,
                Conditions =
                [
                    new()
                    {
                        Type = "Ready",
                        Status = "False",
                        Reason = "Deviations",
                        Message = "see the report",
                        LastTransitionTime = noon,
                    },
                    new()
                    {
                        Type = "Stalled",
                        Status = "True",
                        Reason = "Deviations",
                        Message = "",
                        LastTransitionTime = noon,
                    },
                    new()
                    {
                        Type = "BindingRemoved",
                        Status = "True",
                        Reason = "BindingRemoved",
                        Message = "",
                        LastTransitionTime = noon,
                    },
                    new()
                    {
                        Type = "TargetDenied",
                        Status = "Unknown",
                        Reason = "Throttled",
                        Message = "",
                        LastTransitionTime = noon,
                    },
                ],
            },
        };
        Node.Render([WhyTree.Of(store)], colours: false).ShouldBe("""
            store acme/backups: Closed (KeyDisabled)
            ├─ Ready: False, Deviations: see the report, since 2026-05-01 12:00:00 UTC
            ├─ Stalled: True, Deviations, since 2026-05-01 12:00:00 UTC
            ├─ BindingRemoved: True, since 2026-05-01 12:00:00 UTC
            ├─ TargetDenied: Unknown, Throttled, since 2026-05-01 12:00:00 UTC
            ├─ this is of generation 2, and its spec is at 3: the operator has not looked since
            └─ → byok-operator report acme/backups -o table

            """);
    }

    [Fact]
    public void What_nobody_has_looked_at_says_so() =>
        Node.Render([WhyTree.Of(new TenantEncryptionKey { Metadata = new() { Namespace = "acme", Name = "main" } })],
            colours: false)
            .ShouldContain("the operator has not looked at it yet");

    [Theory]
    [InlineData("acme/backup", "; did you mean acme/backups?")]
    [InlineData("acme/mian", "; did you mean acme/main?")]
    [InlineData("elsewhere/altogether", "")]
    public void Names_that_are_near_are_offered(string asked, string words) =>
        Nearest.Among(["acme/backups", "acme/main", "acme/main"], asked).ShouldBe(words);

    [Fact]
    public void A_change_is_the_lines_of_a_manifest_and_nothing_else()
    {
        KeyChange.Revoke(2).ToYaml(new ObjectKey("acme", "main")).ShouldBe("""
            apiVersion: byok.dev/v1alpha1
            kind: TenantEncryptionKey
            metadata:
              name: main
              namespace: acme
            spec:
              state: "Revoked"
              revocation:
                confirm: "revoke"

            """);
        KeyChange.Return(0).ToYaml(new ObjectKey("acme", "main"))
            .ShouldContain("state: \"Active\"\n  revocation:\n    confirm: \"\"\n");
        KeyChange.Confirm("v2").ToYaml(new ObjectKey("acme", "main"))
            .ShouldContain("rotation:\n    confirmedVersion: \"v2\"\n");
    }
}
