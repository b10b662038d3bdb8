using System.Net;
using Byok.Import.Serving;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Importing;

public sealed class ImportFloodTests
{
    [Fact]
    public async Task A_thousand_calls_at_once_from_one_tenant_meet_their_own_bound_and_a_neighbour_is_served()
    {
        await using var desk = await Desk.OpenAsync();
        var flood = Enumerable.Range(0, 1000)
            .Select(_ => desk.UploadAsync(desk.AcmeKey, """{"importToken":"x","keyMaterial":"QUJD"}""")).ToList();
        using var neighbour = await desk.UploadAsync(desk.BetaKey, """{"importToken":"x","keyMaterial":"QUJD"}""",
            "/!/ems/enterprises/erin/cmk/import-key");
        var answers = await Task.WhenAll(flood);

        (await Desk.ProblemAsync(neighbour, 422)).ShouldBe("import-token-unknown", "served");
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        refused.Count.ShouldBeGreaterThan(500);
        refused.ShouldAllBe(answer => answer.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        answers.Except(refused).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.UnprocessableEntity);
        (await Desk.ProblemAsync(refused[0], 429)).ShouldBe("rate-limited");
    }

    [Fact]
    public async Task A_flood_of_made_up_API_keys_costs_few_reads_and_keeps_no_known_tenant_out()
    {
        await using var desk = await Desk.OpenAsync();
        (await desk.AskAsync(desk.AcmeKey, "/!/ems/enterprises/dave/cmk/import-key-request")).StatusCode
            .ShouldBe(HttpStatusCode.OK);
        var before = Reads(desk);
        var flood = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => desk.AskAsync(ApiKey.Make().Reveal())));
        flood.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ShouldBeGreaterThan(500);
        (Reads(desk) - before).ShouldBeLessThan(500);

        using var known = await desk.UploadAsync(desk.AcmeKey, """{"importToken":"x","keyMaterial":"QUJD"}""");
        (await Desk.ProblemAsync(known, 422)).ShouldBe("import-token-unknown");
    }

    [Fact]
    public async Task Whoever_knows_the_id_of_an_API_key_alone_draws_nothing_from_its_holder()
    {
        await using var desk = await Desk.OpenAsync();
        (await desk.AskAsync(desk.AcmeKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Task.WhenAll(Enumerable.Range(0, 300)
            .Select(_ => desk.AskAsync(desk.AcmeKey[..17] + ApiKey.Make().Reveal()[17..])));
        using var holder = await desk.UploadAsync(desk.AcmeKey, """{"importToken":"x","keyMaterial":"QUJD"}""");
        (await Desk.ProblemAsync(holder, 422)).ShouldBe("import-token-unknown");
    }

    [Fact]
    public async Task A_flood_from_one_address_meets_the_bound_of_its_address_and_leaves_guesses_to_others()
    {
        await using var desk =
            await Desk.OpenAsync(options => options with { AddressPerSecond = 1, GuessesPerSecond = 1_000 });
        var before = Reads(desk);
        var flood = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => desk.AskAsync(ApiKey.Make().Reveal())));
        flood.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ShouldBeGreaterThan(100);
        (Reads(desk) - before).ShouldBeLessThan(100);
        var unkeyed = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => desk.AskAsync(null)));
        unkeyed.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests)
            .ShouldBeGreaterThan(100, "a call without a key draws from its address too");
    }

    private static int Reads(Desk desk) => desk.Ring.Server.Counts.GetValueOrDefault("GET secrets");
}
