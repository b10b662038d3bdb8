using Byok.Import.Requests;
using Byok.Import.Serving;
using Byok.Import.Wrapping;
using ByokOperator.Commands;
using ByokOperator.Hosting;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Commands;

public sealed class ImportApiRulesTests
{
    [Theory]
    [InlineData("0.0.0.0:8443", null, null, "need")]
    [InlineData("0.0.0.0:8443", "cert.pem", null, "together")]
    [InlineData("anywhere", null, null, "address:port")]
    [InlineData("127.0.0.1:0", "/nowhere.pem", "/nowhere.key", "can't be used")]
    public void A_listener_that_would_speak_in_the_clear_or_not_at_all_is_refused(
        string listen, string? certificate, string? key, string word) =>
        ImportApiRules.Violations(
            Sound(api =>
                api with
                {
                    Serving = new ServingOptions { Listen = listen, CertificateFile = certificate, KeyFile = key },
                }))
            .ShouldHaveSingleItem().ShouldContain(word);

    [Fact]
    public void A_loopback_listener_may_speak_in_the_clear() =>
        ImportApiRules.Violations(Sound(api => api)).ShouldBeEmpty();

    [Fact]
    public void Each_bound_that_is_none_is_named_by_its_flag()
    {
        var settings = Sound(api => api with
        {
            KeyPool = 0,
            Requests = api.Requests with { MostPerDay = -1, Namespace = "" },
            Serving = api.Serving with { TenantPerSecond = 0, AddressPerSecond = 0 },
            Wrapping = api.Wrapping with { Name = "EU" },
        }) with { Listen = "8080" };
        ImportApiRules.Violations(settings).Select(violation => violation.Split(' ')[0]).Order()
            .ShouldBe(
                ["--address-calls-per-second", "--key-pool", "--listen", "--namespace", "--requests-per-day",
                    "--tenant-calls-per-second", "--wrapping-name"]);
    }

    private static ImportApiSettings Sound(Func<ImportApiOptions, ImportApiOptions> change) => new()
    {
        Api = change(new ImportApiOptions
        {
            Serving = new ServingOptions { Listen = "127.0.0.1:8443" },
            Requests = new RequestOptions { Namespace = "byok-import" },
            Wrapping = new WrappingOptions { Namespace = "byok-import" },
        }),
    };
}
