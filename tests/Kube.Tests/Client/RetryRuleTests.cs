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
    public void A_throttled_request_was_not_begun_so_any_verb_goes_again(bool repeatable) =>
        RetryRule.IsWorthAnother(HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(3), repeatable).ShouldBeTrue();

    [Fact]
    public void As_long_as_the_server_asks_is_waited_and_a_little_longer()
    {
        RetryRule.Pause(TimeSpan.FromSeconds(3), jitter: 0)
            .ShouldBe(TimeSpan.FromSeconds(3) + (RetryRule.FirstBackoff / 2));
        RetryRule.Pause(TimeSpan.FromSeconds(3), jitter: 1).ShouldBe(TimeSpan.FromSeconds(3) + RetryRule.FirstBackoff);
        RetryRule.Pause(null, jitter: 1).ShouldBeNull();
    }

    [Fact]
    public void A_server_that_asks_for_too_long_gets_its_wish_from_the_caller() =>
        RetryRule.IsWorthAnother(HttpStatusCode.TooManyRequests, TimeSpan.FromMinutes(5), repeatable: true)
            .ShouldBeFalse();

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public void A_server_error_may_hide_an_effect_so_only_repeatable_requests_go_again(HttpStatusCode code)
    {
        RetryRule.IsWorthAnother(code, null, repeatable: true).ShouldBeTrue();
        RetryRule.IsWorthAnother(code, null, repeatable: false).ShouldBeFalse();
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Conflict)]
    [InlineData(HttpStatusCode.Gone)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotImplemented)]
    public void An_answer_is_an_answer(HttpStatusCode code) =>
        RetryRule.IsWorthAnother(code, TimeSpan.FromSeconds(1), repeatable: true).ShouldBeFalse();

    [Fact]
    public void Without_a_connection_nothing_was_done_so_any_verb_goes_again()
    {
        RetryRule.IsWorthAnother(new HttpRequestException(HttpRequestError.ConnectionError), repeatable: false)
            .ShouldBeTrue();
        RetryRule.IsWorthAnother(new HttpRequestException(HttpRequestError.NameResolutionError), repeatable: false)
            .ShouldBeTrue();
    }

    [Fact]
    public void A_lost_answer_may_hide_an_effect()
    {
        var lost = new HttpRequestException(HttpRequestError.ResponseEnded);

        RetryRule.IsWorthAnother(lost, repeatable: false).ShouldBeFalse();
        RetryRule.IsWorthAnother(lost, repeatable: true).ShouldBeTrue();
        RetryRule.IsWorthAnother(new OperationCanceledException(), repeatable: false).ShouldBeFalse();
    }

    [Fact]
    public void A_certificate_that_is_not_trusted_now_is_not_trusted_in_a_moment() =>
        RetryRule.IsWorthAnother(new HttpRequestException(HttpRequestError.SecureConnectionError), repeatable: true)
            .ShouldBeFalse();
}
