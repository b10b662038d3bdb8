using System.Buffers;
using System.Text;
using System.Text.Json;
using k8s.Models;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace Kube.Tests.Core;

/// <summary>The official client's models, where they stand in our kinds: read as carefully as our own.</summary>
public sealed class ForeignModelsTests
{
    private const string Good =
        """{"metadata":{"name":"good"},"status":{"succeeded":1,"conditions":[{"type":"Complete","status":"True"}]}}""";

    [Theory]
    [InlineData("""{"status":{"active":1e99}}""", "status.active: not a whole number")]
    [InlineData("""{"status":{"active":99999999999}}""", "status.active: not a whole number")]
    [InlineData("""{"status":{"completionTime":"hunter2"}}""", "status.completionTime: not a time")]
    [InlineData("""{"status":{"completionTime":7}}""", "status.completionTime: not a time")]
    [InlineData("""{"status":{"conditions":{}}}""", "status.conditions: not a list")]
    [InlineData("""{"status":{"conditions":[7]}}""", "status.conditions[0]: not an object")]
    [InlineData("""{"status":{"conditions":[{"type":7}]}}""", "status.conditions[0].type: not a text")]
    [InlineData("""{"spec":{"template":{"spec":{"securityContext":{"runAsUser":"root"}}}}}""",
        "spec.template.spec.securityContext.runAsUser: not a whole number")]
    [InlineData("""{"spec":{"template":{"spec":{"securityContext":{"runAsNonRoot":"yes"}}}}}""",
        "spec.template.spec.securityContext.runAsNonRoot: not true or false")]
    [InlineData("""{"spec":{"podFailurePolicy":{"rules":[{"onExitCodes":{"values":["2"]}}]}}}""",
        "spec.podFailurePolicy.rules[0].onExitCodes.values[0]: not a whole number")]
    public void What_does_not_fit_costs_its_page_one_object_and_is_named(string bad, string reason)
    {
        var page = Parse<Job>($$"""{"items":[{{Good}},{"metadata":{"name":"bad"},{{bad[1..]}},{{Good}}]}""");

        page.Items.Count.ShouldBe(2);
        page.Items[0].Status!.Conditions.ShouldHaveSingleItem().Type.ShouldBe("Complete");
        var found = page.Unreadable.ShouldHaveSingleItem();
        (found.Metadata.Name, found.Reason).ShouldBe(("bad", reason));
    }

    [Theory]
    [InlineData("""{"later":{"deep":[1,{"x":2}]},"status":{"later":[null],"conditions":null}}""")]
    [InlineData("""{"status":null,"spec":null}""")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"resources":{"limits":{"memory":"1e9999"}}}]}}}}""")]
    [InlineData("""{"spec":{"template":{"spec":{"volumes":[{"emptyDir":{"sizeLimit":7}}],"affinity":7}}}}""")]
    [InlineData("""{"status":{"startTime":"2026-01-02t03:04:05.123456789+02:00"}}""")]
    public void What_is_new_or_left_out_or_of_no_interest_can_be_read(string odd) =>
        Parse<Job>($$"""{"items":[{{odd}}]}""").Items.ShouldHaveSingleItem();

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", 0)]
    [InlineData("2026-01-02T03:04:05.5Z", 500_000)]
    [InlineData("2026-01-02T03:04:05.678901Z", 678_901)]
    [InlineData("2026-01-02t05:04:05.678901999+02:00", 678_901)]
    public void A_time_of_the_models_is_read_in_any_form_and_written_in_one(string text, int microseconds)
    {
        var spec = JsonSerializer.Deserialize($$"""{"renewTime":"{{text}}"}""", CoreJson.Default.V1LeaseSpec)!;

        spec.RenewTime!.Value.Kind.ShouldBe(DateTimeKind.Utc);
        JsonSerializer.Serialize(spec, CoreJson.Default.V1LeaseSpec)
            .ShouldBe($$"""{"renewTime":"2026-01-02T03:04:05.{{microseconds:D6}}Z"}""");
    }

    [Fact]
    public void What_nobody_set_is_not_written()
    {
        string[] written =
        [
            JsonSerializer.Serialize(new V1LeaseSpec(), CoreJson.Default.V1LeaseSpec),
            JsonSerializer.Serialize(new V1ObjectReference(), CoreJson.Default.V1ObjectReference),
            JsonSerializer.Serialize(new V1PodSecurityContext(), CoreJson.Default.V1PodSecurityContext),
            JsonSerializer.Serialize(new V1SecurityContext(), CoreJson.Default.V1SecurityContext),
            JsonSerializer.Serialize(new V1EnvFromSource(), CoreJson.Default.V1EnvFromSource),
            JsonSerializer.Serialize(new V1SubjectAccessReviewSpec(), CoreJson.Default.V1SubjectAccessReviewSpec),
        ];

        written.ShouldAllBe(json => json == "{}");
    }

    [Theory]
    [InlineData("""{"authenticated":null}""")]
    [InlineData("""{"user":{"username":"a"}}""")]
    public void A_review_that_does_not_say_yes_says_no(string status) =>
        JsonSerializer.Deserialize($$"""{"status":{{status}} }""", TokenReview.Json)!.Status
            .ShouldNotBeNull().Authenticated.ShouldNotBe(true);

    [Fact]
    public void A_token_is_not_told_by_what_holds_it() =>
        new TokenReview { Spec = new TokenReviewSpec { Token = "hunter2" } }.ToString().ShouldNotContain("hunter2");

    private static KubeList<T> Parse<T>(string json)
        where T : class, IResource<T> => KubeList.Parse<T>(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)));
}
