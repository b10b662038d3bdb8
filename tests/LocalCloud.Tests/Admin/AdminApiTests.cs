using System.Net;
using System.Net.Http.Json;
using LocalCloud.Admin;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Admin;

public sealed class AdminApiTests(CloudFixture cloud) : IClassFixture<CloudFixture>, IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = cloud.Server.Url };

    [Fact]
    public async Task Another_process_makes_a_key_changes_its_state_and_looks()
    {
        var arn = (await Post("keys",
            new AdminOrder { Account = LocalCloudAccounts.Tenant, Region = CloudFixture.Region })).Arn!;
        await Post("keys/state", new AdminOrder { Arn = arn, State = "Disabled" });
        var seen =
            await http.GetFromJsonAsync("/_admin/keys?arn=" + Uri.EscapeDataString(arn), AdminJson.Default.AdminAnswer);
        seen!.State.ShouldBe("Disabled");
        var before = seen.MaterialId;
        await Post("keys/replace-material", new AdminOrder { Arn = arn });
        cloud.Admin.KeyMaterialId(arn).ShouldNotBe(before);
    }

    [Fact]
    public async Task Faults_and_counts_are_there_for_it_too()
    {
        var id = (await Post("faults",
            new AdminOrder { Fault = new FaultOrder { Effect = "Throttle", Service = "sts", Count = 1 } })).Id;
        await Should.ThrowAsync<Exception>(() => cloud.Sts(CloudFixture.Operator).GetCallerIdentityAsync(new()));
        (await http.GetFromJsonAsync($"/_admin/faults?id={id}", AdminJson.Default.AdminAnswer))!.Strikes.ShouldBe(1);
        (await http.GetFromJsonAsync("/_admin/count?service=sts", AdminJson.Default.AdminAnswer))!.Count.ShouldBe(1);
        (await http.GetFromJsonAsync("/_admin/calls", AdminJson.Default.AdminAnswer))!.Calls!.Last(call =>
            call.Service == "sts").ErrorCode.ShouldBe("Throttling");
    }

    [Fact]
    public async Task What_it_gets_wrong_it_is_told()
    {
        using var unknown = await http.GetAsync(new Uri("/_admin/none", UriKind.Relative));
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var wrong = await http.PostAsJsonAsync("/_admin/keys/state",
            new AdminOrder { Arn = "arn:none", State = "Disabled" }, AdminJson.Default.AdminOrder);
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await wrong.Content.ReadFromJsonAsync(AdminJson.Default.AdminAnswer))!.Error!.ShouldContain("no such key");
    }

    public void Dispose() => http.Dispose();

    private async Task<AdminAnswer> Post(string path, AdminOrder order)
    {
        using var answer = await http.PostAsJsonAsync("/_admin/" + path, order, AdminJson.Default.AdminOrder);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync(AdminJson.Default.AdminAnswer))!;
    }
}
