using System.Net;
using Kube.Client;
using Shouldly;
using Xunit;

namespace Kube.Tests.Client;

public sealed class RetryRuleTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_throttled_request_was_not_begun_so_any_verb_waits_as_long_as_the_server_asks(bool repeatable) =>
        RetryRule.AfterAnswer(HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(3), repeatable, attempt: 0, jitter: 1)!.Value
            .ShouldBe(TimeSpan.FromSeconds(3) + RetryRule.FirstBackoff);

    [Fact]
    public void A_server_that_asks_for_too_long_gets_its_wish_from_the_caller() =>
        RetryRule.AfterAnswer(HttpStatusCode.TooManyRequests, TimeSpan.FromMinutes(5), true, 0, 0.5).ShouldBeNull();

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public void A_server_error_may_hide_an_effect_so_only_repeatable_requests_go_again(HttpStatusCode code)
    {
        RetryRule.AfterAnswer(code, null, repeatable: true, 0, 0.5).ShouldNotBeNull();
        RetryRule.AfterAnswer(code, null, repeatable: false, 0, 0.5).ShouldBeNull();
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Conflict)]
    [InlineData(HttpStatusCode.Gone)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotImplemented)]
    public void An_answer_is_an_answer(HttpStatusCode code) =>
        RetryRule.AfterAnswer(code, TimeSpan.FromSeconds(1), repeatable: true, 0, 0.5).ShouldBeNull();

    [Fact]
    public void Without_a_connection_nothing_was_done_so_any_verb_goes_again()
    {
        RetryRule.AfterFailure(new HttpRequestException(HttpRequestError.ConnectionError), repeatable: false, 0, 0.5).ShouldNotBeNull();
        RetryRule.AfterFailure(new HttpRequestException(HttpRequestError.NameResolutionError), repeatable: false, 0, 0.5).ShouldNotBeNull();
    }

    [Fact]
    public void A_lost_answer_may_hide_an_effect()
    {
        var lost = new HttpRequestException(HttpRequestError.ResponseEnded);

        RetryRule.AfterFailure(lost, repeatable: false, 0, 0.5).ShouldBeNull();
        RetryRule.AfterFailure(lost, repeatable: true, 0, 0.5).ShouldNotBeNull();
        RetryRule.AfterFailure(new OperationCanceledException(), repeatable: false, 0, 0.5).ShouldBeNull();
    }

    [Fact]
    public void A_certificate_that_is_not_trusted_now_is_not_trusted_in_a_moment() =>
        RetryRule.AfterFailure(new HttpRequestException(HttpRequestError.SecureConnectionError), repeatable: true, 0, 0.5).ShouldBeNull();

    [Fact]
    public void Back_off_doubles_to_a_ceiling_and_at_least_half_of_it_is_waited()
    {
        var shortest = Enumerable.Range(0, 12).Select(attempt => RetryRule.AfterAnswer(HttpStatusCode.BadGateway, null, true, attempt, jitter: 0)!.Value).ToList();

        shortest[0].ShouldBe(RetryRule.FirstBackoff / 2);
        shortest[1].ShouldBe(RetryRule.FirstBackoff);
        shortest[11].ShouldBe(RetryRule.LongestBackoff / 2);
    }
}
